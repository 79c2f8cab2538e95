import { Injectable } from '@nestjs/common';
import { Counter, Histogram, register } from 'prom-client';
import { observeQueries } from '../database/measured-client.js';
import { QUERY_PURPOSES, type QueryPurpose } from '../database/query-purpose.js';

/** From a row found by its key to a statement that is about to be cut. */
const BUCKETS_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];

const COUNT = 'db_queries_total';
const DURATION = 'db_query_duration_seconds';

/** How many statements PostgreSQL is asked, what for, and how long they take. */
@Injectable()
export class DatabaseQueryMetrics {
  constructor() {
    register.removeSingleMetric(COUNT);
    register.removeSingleMetric(DURATION);
    const labelNames = ['purpose'];
    const count = new Counter({
      name: COUNT,
      help: 'Statements sent to PostgreSQL, by what they are for.',
      labelNames,
    });
    const help = 'Time from handing a statement to a connection to its last row.';
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
