import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { COMPILED } from '../../support/compiled.js';

export type ReplicaState = 'up' | 'frozen' | 'starting' | 'dead';

const START_TIMEOUT_MS = 60_000;
const KEPT_OUTPUT = 20_000;

export interface ReplicaOptions {
  readonly name: string;
  /** Kept across restarts. */
  readonly port: number;
  /** The file that Node runs. */
  readonly script: string;
  /** Options of Node. They come before the file. */
  readonly nodeOptions?: readonly string[];
  /** Answers 200 once it is ready. */
  readonly readyPath: string;
  readonly environment: Readonly<Record<string, string>>;
  /** A file for its output. */
  readonly logFile?: string | undefined;
}

/** One process of Inkwell as shipped. */
export class Replica {
  private child: ChildProcess | undefined;
  private output = '';
  state: ReplicaState = 'dead';
  /** Called when it ends unexpectedly. */
  onUnexpectedEnd: (output: string) => void = () => undefined;

  constructor(private readonly options: ReplicaOptions) {}

  get name(): string {
    return this.options.name;
  }

  get port(): number {
    return this.options.port;
  }

  /** Resolves when it is ready. @throws an error with its output if it ends instead */
  async start(): Promise<void> {
    const { script, nodeOptions = [], port, environment, logFile } = this.options;
    this.state = 'starting';
    this.output = '';
    const child = spawn(process.execPath, [...nodeOptions, script], {
      env: {
        PATH: process.env['PATH'],
        ...COMPILED,
        NO_COLOR: '1',
        PORT: String(port),
        HOST: '127.0.0.1',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    const endWithUs = (): boolean => child.kill('SIGKILL');
    process.once('exit', endWithUs);
    const keep = (chunk: Buffer): void => {
      this.output = (this.output + chunk.toString()).slice(-KEPT_OUTPUT);
      if (logFile !== undefined) appendFileSync(logFile, chunk);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('exit', () => {
      process.off('exit', endWithUs);
      if (this.child === child && (this.state === 'up' || this.state === 'frozen'))
        this.onUnexpectedEnd(this.output);
    });
    await this.untilReady(child);
    this.state = 'up';
  }

  /** Like a lost machine: it tells nobody. */
  async kill(): Promise<void> {
    const child = this.child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    this.state = 'dead';
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  freeze(): void {
    if (this.state === 'up' && this.child?.kill('SIGSTOP')) this.state = 'frozen';
  }

  thaw(): void {
    if (this.state === 'frozen' && this.child?.kill('SIGCONT')) this.state = 'up';
  }

  private async untilReady(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (Date.now() < deadline) {
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`${this.name} ended while it started: ${this.output.trim()}`);
      if ((await this.status(this.options.readyPath)) === 200) return;
      await sleep(20);
    }
    throw new Error(`${this.name} did not start: ${this.output.trim()}`);
  }

  private async status(path: string): Promise<number> {
    try {
      const response = await fetch(`http://127.0.0.1:${this.port}${path}`, {
        signal: AbortSignal.timeout(2_000),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return 0;
    }
  }
}
