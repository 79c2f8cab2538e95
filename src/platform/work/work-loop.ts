import { Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { queriesFor } from '../database/query-purpose.js';

/** News come in groups: what is done about the first is done about all of them. */
const GATHER_MS = 20;
const MAX_PAUSE_MS = 30_000;

export interface LoopOptions {
  /** For the log. */
  readonly name: string;
  /** Work is looked for at least so often. */
  readonly intervalMs: number;
  /** Does what there is to do. @returns true when there may be more */
  readonly work: () => Promise<boolean>;
}

/** Works as long as there is something to do, then waits for news or for its interval. After failures it waits longer. */
export class WorkLoop {
  private readonly logger: Logger;
  private readonly stopping = Promise.withResolvers<void>();
  private isStopped = false;
  private news = Promise.withResolvers<void>();
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly options: LoopOptions) {
    this.logger = new Logger(options.name);
  }

  start(): void {
    this.running = queriesFor('job', () => this.run());
  }

  /** There is something to do. */
  wake(): void {
    this.news.resolve();
  }

  /** Resolves when what is being done is done; nothing more is begun. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.stopping.resolve();
    await this.running;
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.isStopped) {
      this.news = Promise.withResolvers<void>();
      try {
        while ((await this.options.work()) && !this.isStopped);
        failures = 0;
      } catch (error) {
        failures += 1;
        // The first says what is wrong; that the database is away is said by others.
        if (failures === 1) this.logger.warn((error as Error).message);
      }
      await this.pause(failures);
    }
  }

  private async pause(failures: number): Promise<void> {
    const { intervalMs } = this.options;
    if (failures > 0) {
      await this.rest(Math.min(MAX_PAUSE_MS, intervalMs * 2 ** (failures - 1)));
    } else {
      await Promise.race([this.news.promise, this.rest(intervalMs)]);
      await this.rest(GATHER_MS);
    }
  }

  private rest(ms: number): Promise<void> {
    return Promise.race([this.stopping.promise, sleep(ms, undefined, { ref: false })]);
  }
}
