import { Injectable, Logger } from '@nestjs/common';
import { EVERYTHING } from '../coherence/tag-journal.js';
import { type WorkLoop, WorkLoops } from '../outbox/work-loops.js';
import { CdnMetrics } from './cdn-metrics.js';
import { CdnProvider, PurgeFailed } from './cdn-provider.js';
import { PurgeQueue } from './purge-queue.queries.js';

const INTERVAL_MS = 1_000;

/** Sends the purges that are due to the CDN, with as many tags per call as it accepts. */
@Injectable()
export class CdnPurger {
  private readonly logger = new Logger('Cdn');
  private readonly loop: WorkLoop;
  private failures = 0;

  constructor(
    private readonly provider: CdnProvider,
    private readonly queue: PurgeQueue,
    private readonly metrics: CdnMetrics,
    loops: WorkLoops,
  ) {
    this.loop = loops.add({ name: 'Cdn', intervalMs: INTERVAL_MS, work: () => this.purgeDue() });
  }

  /** Call this when there is something to purge. */
  wake(): void {
    this.loop.wake();
  }

  private async purgeDue(): Promise<boolean> {
    const purges = await this.queue.claim(this.provider.maxTags);
    if (purges.length === 0) return false;
    const tags = purges.map(({ tag }) => tag);
    try {
      if (tags.includes(EVERYTHING)) await this.provider.purgeEverything();
      else await this.provider.purge(tags);
    } catch (error) {
      if (!(error instanceof PurgeFailed)) throw error;
      this.tell(error);
      await this.queue.failed(purges, error.retryAfterSeconds);
      return false;
    }
    this.failures = 0;
    this.metrics.count('purged');
    await this.queue.purged(purges);
    return true;
  }

  private tell({ message, retryAfterSeconds }: PurgeFailed): void {
    this.metrics.count(retryAfterSeconds === undefined ? 'failed' : 'limited');
    this.failures += 1;
    if (this.failures === 1) this.logger.warn(`The CDN did not purge; trying again: ${message}`);
  }
}
