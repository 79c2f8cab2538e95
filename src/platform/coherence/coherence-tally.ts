/** What the protocol counts, read when Prometheus scrapes. */
export class CoherenceTally {
  /** Writes answered only when the lease of a replica had run out. */
  leaseWaits = 0;
  /** Commits that PostgreSQL did not let the others be told of. */
  lostAnnouncements = 0;
  /** How long a committed write waited for the replicas. The metrics module listens. */
  observeWait: (seconds: number) => void = () => undefined;

  waited(seconds: number, isLate: boolean): void {
    if (isLate) this.leaseWaits += 1;
    this.observeWait(seconds);
  }
}
