/** What a PostgreSQL statement could see: `pg_current_snapshot()`, read once. */
export interface Snapshot {
  /** Transactions from this one on had not begun. */
  readonly xmax: number;
  /** Transactions below `xmax` that were still running. */
  readonly xip: readonly number[];
}

const TEXT_FORM = /^(\d+):(\d+):([\d,]*)$/;

/**
 * @param text `xmin:xmax:xip,xip,…`. Transaction ids are 64 bits wide; a double holds the first 2^53 exactly, which
 * at 100,000 a second lasts for 2,800 years.
 * @throws when it is something else
 */
export function parseSnapshot(text: string): Snapshot {
  const [, , xmax, running] = TEXT_FORM.exec(text) ?? [];
  if (xmax === undefined || running === undefined)
    throw new Error(`Expected a snapshot "xmin:xmax:xip,…", got "${text}"`);
  return { xmax: Number(xmax), xip: running === '' ? [] : running.split(',').map(Number) };
}

/** Did the reader of `snapshot` see what transaction `xid` committed? */
export const isVisible = (xid: number, snapshot: Snapshot): boolean =>
  xid < snapshot.xmax && !snapshot.xip.includes(xid);

/** Does `snapshot` see everything that `floor` sees? Compared by content: an open transaction alone rejects nothing. */
export function seesAllOf(snapshot: Snapshot, floor: Snapshot): boolean {
  return (
    snapshot.xmax >= floor.xmax && snapshot.xip.every((xid) => xid >= floor.xmax || floor.xip.includes(xid))
  );
}
