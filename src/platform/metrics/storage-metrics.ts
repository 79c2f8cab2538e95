import { Injectable } from '@nestjs/common';
import { StorageWatch } from '../database/storage-watch.js';
import { registerObservedGauge } from './observed-gauge.js';

/** Whether PostgreSQL can store writes. */
@Injectable()
export class StorageMetrics {
  constructor(storage: StorageWatch) {
    registerObservedGauge({
      name: 'db_storage_full',
      aggregator: 'max',
      help: '1 while PostgreSQL refuses writes because it has no space left.',
      read: () => ({ '': storage.isFull ? 1 : 0 }),
    });
  }
}
