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
  /** If it exists, it must be shown here; if it is shown as absent, it must not exist. */
  readonly shows: () => readonly Register[];
  /** Only the status shows whether it exists. */
  readonly presence?: Register;
  /** The caller's token, which is valid as long as the register exists. */
  readonly credentials?: { readonly token: string; readonly session: Register };
  /** Reads the version from the body in another way than by marks. */
  readonly read?: (body: Buffer) => Observation[];
}

/** A GET, and what its answers show. */
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

  /** @returns undefined if such an answer is never right here */
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
