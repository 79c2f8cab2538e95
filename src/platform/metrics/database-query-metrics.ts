import { Injectable } from '@nestjs/common';
import { Counter, Histogram, register } from 'prom-client';
import { observeQueries, QUERY_PURPOSES, type QueryPurpose } from '../database/query-purpose.js';

/** From a row found by its key to a statement that is about to time out. */
const BUCKETS_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];

const COUNT = 'db_queries_total';
const DURATION = 'db_query_duration_seconds';

/** The number, purpose and duration of statements. */
@Injectable()
export class DatabaseQueryMetrics {
  constructor() {
    register.removeSingleMetric(COUNT);
    register.removeSingleMetric(DURATION);
    const labelNames = ['purpose'];
    const count = new Counter({
      name: COUNT,
      help: 'Statements sent to PostgreSQL, by purpose.',
      labelNames,
    });
    const help = 'Time from the hand-over of a statement to a connection until its last row.';
    const duration = new Histogram({ name: DURATION, help, labelNames, buckets: BUCKETS_SECONDS });
    const bound = Object.fromEntries(
      QUERY_PURPOSES.map((purpose) => [
        purpose,
        { count: count.labels(purpose), duration: duration.labels(purpose) },
      ]),
    ) as Record<QueryPurpose, { count: Counter.Internal; duration: Histogram.Internal<'purpose'> }>;
    for (const { count: series } of Object.values(bound)) series.inc(0);
    observeQueries((purpose, seconds) => {
      bound[purpose].count.inc();
      bound[purpose].duration.observe(seconds);
    });
  }
}
