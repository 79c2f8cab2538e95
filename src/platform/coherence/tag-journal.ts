import { isVisible, seesAllOf, type Snapshot } from './snapshot.js';

/** Every answer carries it silently: an event with this tag makes everything old. */
export const EVERYTHING = '*';

/** Which transactions touched which tags: tells whether data read in some snapshot are still current. */
export class TagJournal {
  /** Per tag the set of transactions, not the newest: commits are not ordered by their ids. */
  private readonly transactions = new Map<string, Set<number>>();
  private remembered = 0;

  /** @param floor nothing is known of what it does not see, so older snapshots are never current */
  constructor(
    private floor: Snapshot,
    private readonly maxRemembered = 200_000,
  ) {}

  get size(): number {
    return this.remembered;
  }

  record(xid: number, tags: readonly string[]): void {
    for (const tag of tags) {
      const known = this.transactions.get(tag);
      if (known === undefined) this.transactions.set(tag, new Set([xid]));
      else if (known.has(xid)) continue;
      else known.add(xid);
      this.remembered += 1;
    }
  }

  /** Is what was read in `snapshot` about `tags` what a read now would find? */
  isCurrent(snapshot: Snapshot, tags: readonly string[]): boolean {
    if (!seesAllOf(snapshot, this.floor)) return false;
    return this.sawAll(snapshot, EVERYTHING) && tags.every((tag) => this.sawAll(snapshot, tag));
  }

  newestChangeOf(tags: readonly string[]): { readonly xid: number; readonly tag: string } | undefined {
    let newest: { xid: number; tag: string } | undefined;
    for (const tag of [EVERYTHING, ...tags])
      for (const xid of this.transactions.get(tag) ?? [])
        if (newest === undefined || xid > newest.xid) newest = { xid, tag };
    return newest;
  }

  private sawAll(snapshot: Snapshot, tag: string): boolean {
    for (const xid of this.transactions.get(tag) ?? []) if (!isVisible(xid, snapshot)) return false;
    return true;
  }

  /** Forgets what every snapshot from `floor` on sees, once there is too much to remember. */
  compact(floor: Snapshot): void {
    if (this.remembered <= this.maxRemembered) return;
    this.floor = floor;
    for (const [tag, known] of this.transactions) {
      for (const xid of known) if (isVisible(xid, floor)) known.delete(xid);
      if (known.size === 0) this.transactions.delete(tag);
    }
    this.remembered = [...this.transactions.values()].reduce((sum, known) => sum + known.size, 0);
  }
}
