import type { Answer } from '../http/answer-parser.js';
import { getText } from '../http/request-text.js';
import type { Observation } from '../history/judge.js';
import { marksIn } from '../history/marks.js';
import type { Register } from '../history/register.js';

/** Finds a register by the id in its marks. */
export type FindRegister = (id: number) => Register | undefined;

export interface ProbeOptions {
  readonly path: string;
  readonly weight: number;
  /** What is there must be shown here, and what is shown absent is not there. */
  readonly shows: () => readonly Register[];
  /** Whether it is there is told by the status alone. */
  readonly presence?: Register;
  /** Of the caller: good as long as the register is there. */
  readonly credentials?: { readonly token: string; readonly session: Register };
  /** Instead of by marks: what a body says. */
  readonly read?: (body: Buffer) => Observation[];
}

/** A GET, and what its answers say. */
export class Probe {
  readonly request: string;

  constructor(
    private readonly find: FindRegister,
    readonly options: ProbeOptions,
  ) {
    this.request = getText(options.path, this.headers);
  }

  get path(): string {
    return this.options.path;
  }

  conditional(etag: string): string {
    return getText(this.path, { ...this.headers, 'if-none-match': etag });
  }

  /** @returns undefined when such an answer is never right here */
  observe({ status, body }: Answer): Observation[] | undefined {
    const { presence, credentials, shows } = this.options;
    if (status === 401 && credentials !== undefined)
      return [{ register: credentials.session, seen: 'absent' }];
    const valid: Observation[] =
      credentials === undefined ? [] : [{ register: credentials.session, seen: 'present' }];
    if (status === 404) {
      const missing = presence === undefined ? shows() : [presence];
      return missing.length === 0 ? undefined : [...valid, ...missing.map(absent)];
    }
    if (status !== 200) return undefined;
    if (presence !== undefined) return [...valid, { register: presence, seen: 'present' }];
    return [...valid, ...(this.options.read?.(body) ?? this.shownBy(body))];
  }

  private get headers(): Record<string, string> {
    const { credentials } = this.options;
    return credentials === undefined ? {} : { authorization: `Bearer ${credentials.token}` };
  }

  private shownBy(body: Buffer): Observation[] {
    const observations: Observation[] = [];
    const seen = new Set<Register>();
    for (const { id, version } of marksIn(body)) {
      const register = this.find(id);
      if (register === undefined) continue;
      seen.add(register);
      observations.push({ register, seen: version });
    }
    for (const register of this.options.shows()) if (!seen.has(register)) observations.push(absent(register));
    return observations;
  }
}

const absent = (register: Register): Observation => ({ register, seen: 'absent' });
