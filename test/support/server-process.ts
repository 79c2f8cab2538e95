import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { COMPILED } from './compiled.js';
import { WIDE_OPEN } from './wide-open.js';

/** A folder that PostgreSQL may enter if the tests run as root. */
export function makeDataFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'inkwell-start-'));
  chmodSync(path, 0o755);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** `node dist/main.js` as shipped, but with open registration and without rate limits. `npm test` builds it first. */
export class ServerProcess {
  private text = '';
  private readonly exit: Promise<[number | null, NodeJS.Signals | null]>;

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
    this.exit = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  }

  /** @param where the checkout, and the user to run it as; by default those of the tests */
  static start(
    environment: Readonly<Record<string, string>>,
    where: { readonly cwd?: string; readonly uid?: number; readonly gid?: number } = {},
  ): ServerProcess {
    const { PATH, HOME } = process.env;
    return new ServerProcess(
      spawn(process.execPath, ['dist/main.js'], {
        ...where,
        // Keeps out the machine's own configuration.
        env: {
          PATH,
          HOME,
          ...COMPILED,
          NO_COLOR: '1',
          PORT: '0',
          HOST: '127.0.0.1',
          ...WIDE_OPEN,
          ...environment,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  }

  /** Resident memory, in MiB. */
  get rssMib(): number {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  }

  /** CPU time of its main thread, the event loop. Other threads and other load on the machine do not count. */
  get mainThreadCpuMs(): number {
    const { pid } = this.child;
    // The second field, the name, may contain spaces. Fields 12 and 13 after it are clock ticks of 10 ms.
    const members = readFileSync(`/proc/${pid}/task/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return 10 * (Number(members[11]) + Number(members[12]));
  }

  /** Ids of its child processes. */
  get children(): number[] {
    const { pid } = this.child;
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  }

  get output(): string {
    return this.text;
  }

  /**
   * @returns the address that it prints
   * @throws an error with its output if it ends before
   */
  async address(): Promise<string> {
    const ended = this.exit.then(() => true);
    for (;;) {
      const address = /Blog +(http:\S+)\/blog\//.exec(this.text)?.[1];
      if (address !== undefined) return address;
      if (await Promise.race([ended, sleep(20, false)])) throw new Error(`It ended: ${this.text}`);
    }
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** @returns its exit code; null if a signal ended it */
  async ended(): Promise<number | null> {
    return (await this.exit)[0];
  }
}

/** Ids of the processes whose command line contains the folder. */
export function processesOf(folder: string): number[] {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.filter((id) => commandLine(id).includes(folder)).map(Number);
}

function commandLine(id: string): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** @throws if there is still one after `ms` */
export async function untilNoProcessOf(folder: string, ms: number): Promise<void> {
  const deadline = Date.now() + ms;
  while (processesOf(folder).length > 0) {
    if (Date.now() > deadline) throw new Error(`Still running: ${processesOf(folder).join(', ')}`);
    await sleep(20);
  }
}
