import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A folder that PostgreSQL may enter when the tests run as root. */
export function makeDataFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'inkwell-start-'));
  chmodSync(path, 0o755);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** `node dist/main.js`, as it is shipped: `npm test` builds it first. */
export class ServerProcess {
  private text = '';
  private readonly exit: Promise<[number | null, NodeJS.Signals | null]>;

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
    this.exit = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  }

  static start(environment: Readonly<Record<string, string>>): ServerProcess {
    const { PATH, HOME } = process.env;
    return new ServerProcess(
      spawn(process.execPath, ['dist/main.js'], {
        // Nothing of the machine's own configuration gets in.
        env: { PATH, HOME, NO_COLOR: '1', PORT: '0', HOST: '127.0.0.1', ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  }

  /** Resident memory, in MiB. */
  get rssMib(): number {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  }

  /** Ids of the processes it has started. */
  get children(): number[] {
    const { pid } = this.child;
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  }

  get output(): string {
    return this.text;
  }

  /** @returns the address it printed, once it did @throws with its output when it ends before */
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

  /** @returns its exit code, null when a signal ended it */
  async ended(): Promise<number | null> {
    return (await this.exit)[0];
  }
}

/** Ids of the processes whose command line names the folder. */
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

/** @throws when there is still one after `ms` */
export async function untilNoProcessOf(folder: string, ms: number): Promise<void> {
  const deadline = Date.now() + ms;
  while (processesOf(folder).length > 0) {
    if (Date.now() > deadline) throw new Error(`Still running: ${processesOf(folder).join(', ')}`);
    await sleep(20);
  }
}
