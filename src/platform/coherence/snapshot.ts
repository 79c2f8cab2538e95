/** The transactions that a PostgreSQL statement could see: the parsed `pg_current_snapshot()`. */
export interface Snapshot {
  /** The first transaction id that had not been assigned yet. */
  readonly xmax: number;
  /** Transactions below `xmax` that were still running. */
  readonly xip: readonly number[];
}

const TEXT_FORM = /^(\d+):(\d+):([\d,]*)$/;

/**
 * @param text `xmin:xmax:xip,xip,…`. Transaction ids are 64 bits wide; a double is exact up to 2^53, which lasts 2,800
 * years at 100,000 transactions a second.
 * @throws if the text is not a snapshot
 */
export function parseSnapshot(text: string): Snapshot {
  const [, , xmax, running] = TEXT_FORM.exec(text) ?? [];
  if (xmax === undefined || running === undefined)
    throw new Error(`Expected a snapshot "xmin:xmax:xip,…", got "${text}"`);
  return { xmax: Number(xmax), xip: running === '' ? [] : running.split(',').map(Number) };
}

/** Could the reader of `snapshot` see the changes of transaction `xid`? */
export const isVisible = (xid: number, snapshot: Snapshot): boolean =>
  xid < snapshot.xmax && !snapshot.xip.includes(xid);

/**
 * Does `snapshot` see everything that `floor` sees? Snapshots are compared by content, so a transaction that is merely
 * open rejects nothing.
 */
export function seesAllOf(snapshot: Snapshot, floor: Snapshot): boolean {
  return (
    snapshot.xmax >= floor.xmax && snapshot.xip.every((xid) => xid >= floor.xmax || floor.xip.includes(xid))
  );
}
