import { Injectable } from '@nestjs/common';
import { Housekeeping } from '../database/housekeeping.js';

/** A replica that was away for longer starts with cold caches. A trigger records what was deleted. */
const KEEP = '2 hours';
/**
 * The outbox keeps no rows for a work listener that has not run for this long, such as that of a CDN no longer in use.
 */
const FORGOTTEN_AFTER = '7 days';

/**
 * Deletes outbox rows that are old and taken by every work listener. It stops at the oldest open transaction: otherwise
 * a replica whose snapshot does not see a deleted row would conclude that it missed a change.
 */
@Injectable()
export class OutboxPruner {
  constructor(housekeeping: Housekeeping) {
    housekeeping.register(
      'outbox',
      `DELETE FROM outbox AS o WHERE created_at < now() - interval '${KEEP}'
         AND o.xid < pg_snapshot_xmin(pg_current_snapshot()) AND NOT EXISTS (
         SELECT FROM outbox_cursors AS c
         WHERE NOT pg_visible_in_snapshot(o.xid, c.snapshot) AND c.moved_at > now() - interval '${FORGOTTEN_AFTER}')`,
    );
  }
}
