import { Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { setTimeout as sleep } from 'node:timers/promises';
import { queriesFor } from '../database/query-purpose.js';

const CONCURRENCY = 4;

/** Loads popular answers before the first reader asks for them. Features register the paths. */
@Injectable()
export class WarmUp {
  private readonly logger = new Logger('WarmUp');
  private readonly sources: (() => Promise<string[]>)[] = [];

  constructor(private readonly host: HttpAdapterHost<FastifyAdapter>) {}

  /** @param paths returns the paths of GET requests, the most popular first */
  register(paths: () => Promise<string[]>): void {
    this.sources.push(paths);
  }

  /** Ends when everything is warm or the time is up. A failure is logged, and only costs a miss later. */
  async run(maxMs: number): Promise<void> {
    const deadline = AbortSignal.timeout(maxMs);
    await Promise.race([
      queriesFor('job', () => this.warm(deadline)),
      sleep(maxMs, undefined, { ref: false }),
    ]);
  }

  private async warm(deadline: AbortSignal): Promise<void> {
    try {
      const paths = (await Promise.all(this.sources.map((source) => source()))).flat();
      const queue = paths.values();
      await Promise.all(Array.from({ length: CONCURRENCY }, () => this.ask(queue, deadline)));
    } catch (error) {
      this.logger.warn(`Some answers could not be warmed up: ${(error as Error).message}`);
    }
  }

  private async ask(paths: Iterable<string>, deadline: AbortSignal): Promise<void> {
    for (const url of paths) {
      if (deadline.aborted) return;
      await this.host.httpAdapter.inject({ method: 'GET', url });
    }
  }
}
