import { type Clock, Lease, type Moment, systemClock } from './lease.js';
import type { Snapshot } from './snapshot.js';
import { TagJournal } from './tag-journal.js';

/** What an answer must carry for its currency to be judged. */
export interface Provenance {
  readonly tags: readonly string[];
  readonly snapshot: Snapshot;
  readonly epoch: string;
  /** What it was made of besides: cached values, other reads, another service's answers. Each is judged as it is. */
  readonly inputs?: readonly Provenance[];
}

/** Sees nothing: what a replica begins with. */
const NOTHING: Snapshot = { xmax: 0, xip: [] };

/**
 * One replica's part in the protocol (docs/coherence.md), without I/O: what PostgreSQL says goes in, what may be served
 * comes out.
 */
export class Coherence {
  private history: { readonly epoch: string; readonly journal: TagJournal } | undefined;
  private readonly lease: Lease;
  /** Every change that this snapshot sees has been recorded. */
  seen = NOTHING;
  /** Replicas that held a lease when this one renewed its own. */
  replicas = 0;

  constructor(
    readonly leaseMs: number,
    clock: Clock = systemClock,
  ) {
    this.lease = new Lease(leaseMs, clock);
  }

  /**
   * May the caches be used, and the loads of others joined? Only under a lease: without one a writer may have answered
   * although this replica has not heard of its change.
   */
  get isUsable(): boolean {
    return this.lease.isHeld && this.history !== undefined;
  }

  /** How long the caches have not been usable. */
  get msWithoutLease(): number {
    return this.lease.msSinceEnd;
  }

  /** Names the history of transaction ids; another one after a crash or failover of PostgreSQL. Empty before joining. */
  get epoch(): string {
    return this.history?.epoch ?? '';
  }

  /** Begins a history: the changes since its beginning are yet to be recorded, and nothing older is known. */
  begin(epoch: string): void {
    this.lease.giveBack();
    this.seen = NOTHING;
    this.history = { epoch, journal: new TagJournal(NOTHING) };
  }

  record(xid: number, tags: readonly string[]): void {
    this.history?.journal.record(xid, tags);
  }

  /** The newest transaction known to have touched one of these tags. */
  newestChangeOf(tags: readonly string[]): { readonly xid: number; readonly tag: string } | undefined {
    return this.history?.journal.newestChangeOf(tags);
  }

  sendingRenewal(): Moment {
    return this.lease.moment();
  }

  /** The lease was renewed by what was sent then, and every change that `snapshot` sees has been recorded. */
  renewed(sent: Moment, snapshot: Snapshot, replicas: number): void {
    this.seen = snapshot;
    this.replicas = replicas;
    this.history?.journal.compact(snapshot);
    this.lease.renew(sent);
  }

  leave(): void {
    this.lease.giveBack();
  }

  /** Would a read now find what was found in this snapshot, and in those of its inputs? Always false without a lease. */
  isCurrent({ epoch, snapshot, tags, inputs }: Provenance): boolean {
    if (!this.isUsable || this.history?.epoch !== epoch) return false;
    if (!this.history.journal.isCurrent(snapshot, tags)) return false;
    return inputs === undefined || inputs.every((input) => this.isCurrent(input));
  }
}
