import { query } from '../support/database.js';
import type { Inkwell } from '../support/start-inkwell.js';
import { until } from '../webhooks/receiver.js';

const UNDONE = `
  SELECT tag FROM cdn_purges UNION ALL
  SELECT o.event FROM outbox AS o, outbox_cursors AS c
  WHERE c.listener = 'cdn' AND NOT pg_visible_in_snapshot(o.xid, c.snapshot)`;

/** Waits until every committed change has been purged. */
export const untilNothingIsDue = (inkwell: Inkwell): Promise<unknown> =>
  until(
    () => query(inkwell, UNDONE),
    (rows) => rows.length === 0,
  );
