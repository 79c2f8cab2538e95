/** What PostgreSQL said after a commit about the leases at that time. */
export interface LeaseList {
  /** Milliseconds since PostgreSQL began this history: leases from before it are not in the list. */
  readonly historyAgeMs: number;
  /** Other replicas whose lease may not have run out, and the milliseconds until it has. */
  readonly replicas: readonly { readonly id: string; readonly leftMs: number }[];
}

/**
 * When may a commit be answered? When every replica has acknowledged it, or every lease from before it has run out: then
 * nobody serves from a cache what was before it. Milliseconds are monotonic.
 */
export class CommitWait {
  private readonly acknowledged = new Set<string>();
  private committedAtMs = Infinity;
  /** When the lease ends that PostgreSQL knew of each replica. Later ones were renewed after the commit, knowing it. */
  private leaseEnds: ReadonlyMap<string, number> | undefined;

  /** @param fullLeaseMs after which no lease is left that was renewed before the commit */
  constructor(private readonly fullLeaseMs: number) {}

  /** May come before the reply to the COMMIT. */
  acknowledge(replica: string): void {
    this.acknowledged.add(replica);
  }

  committed(atMs: number): void {
    this.committedAtMs = atMs;
  }

  /** @param atMs when the reply came */
  leasesWere({ historyAgeMs, replicas }: LeaseList, atMs: number): void {
    if (historyAgeMs < this.fullLeaseMs) return;
    this.leaseEnds = new Map(replicas.map(({ id, leftMs }) => [id, atMs + leftMs]));
  }

  get answerableAtMs(): number {
    const latest = this.committedAtMs + this.fullLeaseMs;
    if (this.leaseEnds === undefined) return latest;
    let at = this.committedAtMs;
    for (const [id, endMs] of this.leaseEnds) if (!this.acknowledged.has(id)) at = Math.max(at, endMs);
    return Math.min(at, latest);
  }
}
