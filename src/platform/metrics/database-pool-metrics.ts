import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { registerObservedGauge } from './observed-gauge.js';

/** The use of the connection pool. */
@Injectable()
export class DatabasePoolMetrics {
  constructor(pool: Pool) {
    registerObservedGauge({
      name: 'db_pool_connections',
      help: 'Open connections to PostgreSQL.',
      label: 'state',
      read: () => ({ idle: pool.idleCount, in_use: pool.totalCount - pool.idleCount }),
    });
    registerObservedGauge({
      name: 'db_pool_pending',
      help: 'Callers that are waiting for a connection.',
      read: () => ({ '': pool.waitingCount }),
    });
  }
}
