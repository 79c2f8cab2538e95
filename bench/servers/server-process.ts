import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { onServerCore } from '../machine/cores.js';
import { freePort } from '../../test/support/redis-server.js';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;

export interface ServerSpec {
  /** The file that Node runs. It listens on 127.0.0.1 at the port in PORT. */
  readonly script: string;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Answers 200 once the server is ready. */
  readonly readyPath: string;
}

/** A server under test, in a separate process on the server's core. */
export class ServerProcess {
  private constructor(
    readonly origin: string,
    private readonly child: ChildProcess,
  ) {}

  /** @throws an error with the server's output if it ends before it is ready */
  static async start({ script, args = [], environment = {}, readyPath }: ServerSpec): Promise<ServerProcess> {
    const port = await freePort();
    const child = spawn(...onServerCore(process.execPath, [script, ...args]), {
      env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...environment, PORT: String(port) },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const complaints: string[] = [];
    child.stderr?.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
    const server = new ServerProcess(`http://127.0.0.1:${port}`, child);
    try {
      await server.untilReady(readyPath);
      return server;
    } catch (cause) {
      await server.stop();
      throw new Error(`${script} did not start: ${complaints.join('').trim()}`, { cause });
    }
  }

  get pid(): number {
    return this.child.pid!;
  }

  async stop(): Promise<void> {
    if (this.hasEnded) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const overdue = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(overdue);
  }

  private get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private async untilReady(path: string): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    let last = 'it does not listen';
    while (Date.now() < deadline && !this.hasEnded) {
      const answer = await fetch(this.origin + path).catch(() => undefined);
      await answer?.arrayBuffer();
      if (answer?.ok === true) return;
      if (answer !== undefined) last = `GET ${path} gives ${answer.status}`;
      await sleep(50);
    }
    throw new Error(this.hasEnded ? 'it ended' : last);
  }
}
