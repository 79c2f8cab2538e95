import { Injectable } from '@nestjs/common';
import { Housekeeping } from './housekeeping.js';

/** Longer than any replica's base snapshot can lag (docs/decisions/outbox.md). */
const KEEP = '2 hours';
/** A work listener that nobody has run for so long, such as the one of a CDN that is not used any more, keeps nothing. */
const FORGOTTEN_AFTER = '7 days';

/** Deletes outbox rows that nobody can need any more: old, and taken by every work listener. */
@Injectable()
export class OutboxPruner {
  constructor(housekeeping: Housekeeping) {
    housekeeping.register(
      'outbox',
      `DELETE FROM outbox AS o WHERE created_at < now() - interval '${KEEP}' AND NOT EXISTS (
         SELECT FROM outbox_cursors AS c
         WHERE NOT pg_visible_in_snapshot(o.xid, c.snapshot) AND c.moved_at > now() - interval '${FORGOTTEN_AFTER}')`,
    );
  }
}
