import { Injectable } from '@nestjs/common';
import { Housekeeping } from './housekeeping.js';

/** Longer than any replica's base snapshot can lag (docs/decisions/outbox.md). */
const KEEP = '2 hours';

/** Deletes outbox rows that nobody can need any more. */
@Injectable()
export class OutboxPruner {
  constructor(housekeeping: Housekeeping) {
    housekeeping.register('outbox', `DELETE FROM outbox WHERE created_at < now() - interval '${KEEP}'`);
  }
}
