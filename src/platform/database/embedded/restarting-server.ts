import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const STOP_TIMEOUT_MS = 15_000;
const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 30_000;
/** A server that ran for this long had started well, so the next pause is short again. */
const WELL_AFTER_MS = 60_000;

export interface RestartingServerOptions {
  /** Starts the server again. @returns its supervisor */
  readonly launch: () => ChildProcess | Promise<ChildProcess>;
  /** Why the server ended, as far as its log tells. */
  readonly lastWords: () => string;
  readonly say: (line: string) => void;
}

/** Restarts a server that ends by itself, with increasing pauses, until it is stopped. */
export class RestartingServer {
  private readonly stopped = new AbortController();
  private delayMs = FIRST_DELAY_MS;
  private lasting: Promise<void>;

  /** @param supervisor of the running server */
  constructor(
    private supervisor: ChildProcess,
    private readonly options: RestartingServerOptions,
  ) {
    this.lasting = this.last();
  }

  /** Stops the server, or the wait for its next start. */
  async stop(): Promise<void> {
    this.stopped.abort();
    // Keeps the process alive until the server has ended.
    this.supervisor.ref();
    this.supervisor.stdin?.end();
    await Promise.race([this.lasting, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
  }

  private async last(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      const startedAt = performance.now();
      await hasEnded(this.supervisor);
      if (this.stopped.signal.aborted) return;
      if (performance.now() - startedAt > WELL_AFTER_MS) this.delayMs = FIRST_DELAY_MS;
      this.options.say(
        `The embedded PostgreSQL ended (${this.options.lastWords()}): starting it again in ${this.delayMs / 1000} s`,
      );
      await sleep(this.delayMs, undefined, { ref: false, signal: this.stopped.signal }).catch(
        () => undefined,
      );
      this.delayMs = Math.min(LONGEST_DELAY_MS, this.delayMs * 2);
      if (!this.stopped.signal.aborted) await this.startAgain();
    }
  }

  private async startAgain(): Promise<void> {
    try {
      this.supervisor = await this.options.launch();
    } catch (error) {
      this.options.say(`The embedded PostgreSQL cannot be started: ${(error as Error).message}`);
    }
    // The server may have been stopped while it was starting.
    if (this.stopped.signal.aborted) this.supervisor.stdin?.end();
  }
}

async function hasEnded(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
