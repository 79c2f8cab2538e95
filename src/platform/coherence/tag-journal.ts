import { isVisible, seesAllOf, type Snapshot } from './snapshot.js';

/** A tag that every answer carries implicitly. An event with this tag makes every entry outdated. */
export const EVERYTHING = '*';

/**
 * The transactions that touched one tag. The newest alone is not enough, because transactions do not commit in the
 * order of their ids.
 */
interface TagHistory {
  readonly xids: Set<number>;
  newest: number;
}

/** Records which transactions touched which tags, and tells whether data read in a snapshot are still current. */
export class TagJournal {
  private readonly byTag = new Map<string, TagHistory>();
  private remembered = 0;
  /**
   * The oldest snapshot that can be current, because the journal knows every later change. Without it, no snapshot is
   * current.
   */
  private floor: Snapshot | undefined;

  constructor(private readonly maxRemembered = 200_000) {}

  /** From now on the journal knows every change that `floor` does not see. It may have recorded changes before. */
  begin(floor: Snapshot): void {
    this.floor ??= floor;
  }

  get size(): number {
    return this.remembered;
  }

  record(xid: number, tags: readonly string[]): void {
    for (const tag of tags) {
      const touched = this.byTag.get(tag);
      if (touched === undefined) this.byTag.set(tag, { xids: new Set([xid]), newest: xid });
      else if (touched.xids.has(xid)) continue;
      else {
        touched.xids.add(xid);
        touched.newest = Math.max(touched.newest, xid);
      }
      this.remembered += 1;
    }
  }

  /** Would a read now return the same data for these tags as the read in `snapshot`? */
  isCurrent(snapshot: Snapshot, tags: readonly string[]): boolean {
    if (this.floor === undefined || !seesAllOf(snapshot, this.floor)) return false;
    return this.sawAll(snapshot, EVERYTHING) && tags.every((tag) => this.sawAll(snapshot, tag));
  }

  newestChangeOf(tags: readonly string[]): { readonly xid: number; readonly tag: string } | undefined {
    let newest: { xid: number; tag: string } | undefined;
    for (const tag of [EVERYTHING, ...tags]) {
      const xid = this.byTag.get(tag)?.newest;
      if (xid !== undefined && (newest === undefined || xid > newest.xid)) newest = { xid, tag };
    }
    return newest;
  }

  /**
   * A snapshot misses the transactions that began after it and those that were running. The newest transaction covers
   * the first kind; the few running ones are looked up. So the cost does not grow with the number of changes of a tag.
   */
  private sawAll(snapshot: Snapshot, tag: string): boolean {
    const touched = this.byTag.get(tag);
    if (touched === undefined) return true;
    return touched.newest < snapshot.xmax && !snapshot.xip.some((xid) => touched.xids.has(xid));
  }

  /** When the journal is full, forgets the changes that every snapshot from `floor` on sees. */
  compact(floor: Snapshot): void {
    if (this.remembered <= this.maxRemembered) return;
    this.floor = floor;
    this.remembered = 0;
    for (const [tag, { xids }] of this.byTag) {
      const kept = [...xids].filter((xid) => !isVisible(xid, floor));
      if (kept.length === 0) this.byTag.delete(tag);
      else this.byTag.set(tag, { xids: new Set(kept), newest: kept.reduce((a, b) => Math.max(a, b)) });
      this.remembered += kept.length;
    }
  }
}
