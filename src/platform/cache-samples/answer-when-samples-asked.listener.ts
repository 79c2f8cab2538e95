import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { queriesFor } from '../database/query-purpose.js';
import { Acknowledgements } from '../outbox/acknowledgements.js';
import { ChangeFeed } from '../outbox/change-feed.js';
import { CacheSampler } from './cache-sampler.js';
import { CacheSamplesAsked } from './cache-samples.events.js';
import { reportWith } from './process-report.js';

const ANSWER = `
  INSERT INTO cache_samples (replica, at, samples) VALUES ($1, clock_timestamp(), $2)
  ON CONFLICT (replica) DO UPDATE SET at = excluded.at, samples = excluded.samples`;

/** Writes the samples of this process into the database when an administrator asks for them. */
@Injectable()
export class AnswerWhenSamplesAsked {
  private answering: Promise<void> | undefined;
  private isAskedAgain = false;

  constructor(
    private readonly pool: Pool,
    private readonly replicas: Acknowledgements,
    private readonly sampler: CacheSampler,
    feed: ChangeFeed,
  ) {
    const { type } = CacheSamplesAsked({});
    // Not awaited: the listeners of a change must be quick.
    feed.subscribe(({ event }) => {
      if (event === type) this.answerSoon();
    });
  }

  /** Questions that arrive during an answer get one answer together. */
  private answerSoon(): void {
    this.isAskedAgain = true;
    this.answering ??= queriesFor('job', () => this.answer()).finally(() => (this.answering = undefined));
  }

  private async answer(): Promise<void> {
    while (this.isAskedAgain) {
      this.isAskedAgain = false;
      const report = JSON.stringify(reportWith(this.sampler.samples()));
      // The page that asked shows this process as silent.
      await this.pool.query(ANSWER, [this.replicas.replica, report]).catch(() => undefined);
    }
  }
}
