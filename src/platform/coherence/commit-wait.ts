/**
 * Decides when a commit may be answered: when every replica has acknowledged it, or its lease from before the commit
 * has run out. From then on, no cache serves data from before the commit. Milliseconds are monotonic.
 */
export class CommitWait {
  private readonly acknowledged = new Set<string>();
  private committedAtMs = Infinity;
  /** The ends of the leases that were held at the commit. A replica that renews after the commit knows about it. */
  private leaseEnds: ReadonlyMap<string, number> | undefined;

  /** @param fullLeaseMs the time after which every lease from before the commit has run out */
  constructor(private readonly fullLeaseMs: number) {}

  /** May arrive before the reply to the COMMIT. */
  acknowledge(replica: string): void {
    this.acknowledged.add(replica);
  }

  committed(atMs: number): void {
    this.committedAtMs = atMs;
  }

  /** @param ends of the leases of the other replicas, by id */
  leasesEnd(ends: ReadonlyMap<string, number>): void {
    this.leaseEnds = ends;
  }

  get answerableAtMs(): number {
    const latest = this.committedAtMs + this.fullLeaseMs;
    if (this.leaseEnds === undefined) return latest;
    let at = this.committedAtMs;
    for (const [id, endMs] of this.leaseEnds) if (!this.acknowledged.has(id)) at = Math.max(at, endMs);
    return Math.min(at, latest);
  }
}
