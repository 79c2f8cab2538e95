import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startFlags } from '../../bench/machine/start-flags.js';
import { freePort } from '../support/redis-server.js';

/** The memory limit of the chart. */
export const LIMIT_MIB = 512;
/**
 * The heap that V8 chooses in a container of 512 MiB. Without a container, it would choose by the memory of the
 * machine.
 */
const HEAP_FLAG = '--max-old-space-size=256';
const LOOK_EVERY_MS = 50;
const START_TIMEOUT_MS = 60_000;
const KEPT_OUTPUT = 4_000;

/**
 * Runs `node dist/main.js` and kills it when it exceeds its memory limit, as the kernel kills a container. Where
 * control groups are not available, as in most containers, it checks the kernel's high-water mark of resident memory,
 * which also covers the time between two checks.
 */
export class LimitedServer {
  private child: ChildProcess | undefined;
  private output = '';
  private watch: NodeJS.Timeout | undefined;
  private peak = 0;
  /** How it ended without a request to, since `beginAttack`. */
  private fate: string | undefined;

  private constructor(
    readonly port: number,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  static async start(environment: Readonly<Record<string, string>>): Promise<LimitedServer> {
    const server = new LimitedServer(await freePort(), environment);
    await server.run();
    return server;
  }

  /** @returns its current memory in MiB */
  beginAttack(): number {
    this.fate = undefined;
    // Resets the high-water mark.
    writeFileSync(`/proc/${this.child!.pid}/clear_refs`, '5');
    this.peak = this.rssMib('VmRSS');
    return this.peak;
  }

  /** The effect of the attack. Restarts the server if it has ended. */
  async endAttack(): Promise<{ readonly peakMib: number; readonly fate: string | undefined }> {
    const { peak: peakMib, fate } = this;
    if (fate !== undefined) await this.run();
    return { peakMib, fate };
  }

  async stop(): Promise<void> {
    clearInterval(this.watch);
    const { child } = this;
    if (child === undefined || hasEnded(child)) return;
    child.removeAllListeners('exit');
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  private async run(): Promise<void> {
    clearInterval(this.watch);
    this.output = '';
    const child = spawn(process.execPath, [...startFlags(), HEAP_FLAG, 'dist/main.js'], {
      env: { PATH: process.env['PATH'], ...this.environment, HOST: '127.0.0.1', PORT: String(this.port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    const keep = (chunk: Buffer): void => {
      this.output = (this.output + chunk.toString()).slice(-KEPT_OUTPUT);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('exit', (code, signal) => {
      this.fate ??= `ended by ${signal ?? `exit code ${code}`}: ${this.output.trim().slice(-500)}`;
    });
    await this.untilReady(child);
    this.watch = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  private look(): void {
    this.peak = Math.max(this.peak, this.rssMib('VmHWM'));
    if (this.peak <= LIMIT_MIB || this.fate !== undefined) return;
    this.fate = `killed for taking ${Math.round(this.peak)} MiB`;
    this.child?.kill('SIGKILL');
  }

  private rssMib(measure: 'VmRSS' | 'VmHWM'): number {
    try {
      const status = readFileSync(`/proc/${this.child!.pid}/status`, 'utf8');
      return Number(new RegExp(`${measure}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) / 1024;
    } catch {
      return 0;
    }
  }

  private async untilReady(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (Date.now() < deadline && !hasEnded(child)) {
      const answer = await fetch(`http://127.0.0.1:${this.port}/readyz`).catch(() => undefined);
      await answer?.arrayBuffer();
      if (answer?.ok === true) return;
      await sleep(50);
    }
    throw new Error(`The server did not start: ${this.output.trim()}`);
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;
