import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { setTimeout as sleep } from 'node:timers/promises';
import { queriesFor } from '../database/query-purpose.js';
import { ChangeFeed } from './change-feed.js';

/** Changes arrive in bursts. After this pause, one pass handles the whole burst. */
const GATHER_MS = 20;
const MAX_PAUSE_MS = 30_000;

export interface LoopOptions {
  /** The name in the log. */
  readonly name: string;
  /** The longest time between two passes. */
  readonly intervalMs: number;
  /** Does the waiting work. @returns true if there may be more */
  readonly work: () => Promise<boolean>;
}

/** Works while there is something to do, then waits to be woken or for its interval. After failures it waits longer. */
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

  /** Wakes the loop, because there is work. */
  wake(): void {
    this.news.resolve();
  }

  /** Starts nothing new, and resolves when the current work is done. */
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
        // Only the first failure is logged. Other parts report that the database cannot be reached.
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

/**
 * The loops of a serving process. They run from the moment it listens until it stops. Commands run no loops; the
 * serving processes do their work.
 */
@Injectable()
export class WorkLoops implements BeforeApplicationShutdown {
  private readonly loops: WorkLoop[] = [];

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly feed: ChangeFeed,
  ) {}

  /** Call this while the application starts. */
  add(options: LoopOptions & { readonly isWokenByChanges?: boolean }): WorkLoop {
    const loop = new WorkLoop(options);
    this.loops.push(loop);
    if (options.isWokenByChanges === true) this.feed.subscribe(() => loop.wake());
    this.adapterHost.listen$.subscribe(() => loop.start());
    return loop;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }
}
