import { seesAllOf, type Snapshot } from './snapshot.js';
import { TagJournal } from './tag-journal.js';

/**
 * The time after which a lease has run out by every replica's clock. Two clocks drift apart by less than 5 % in that
 * time.
 */
export const fullLeaseMs = (leaseMs: number): number => leaseMs * 1.05 + 20;

export interface Clock {
  /** Milliseconds that never go backwards. They may stand still while the machine is suspended. */
  readonly monotonicMs: () => number;
  /** Milliseconds since 1970. They advance while the machine is suspended. */
  readonly wallMs: () => number;
}

const systemClock: Clock = { monotonicMs: () => performance.now(), wallMs: () => Date.now() };

/** A moment on both clocks. */
export interface Moment {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

/** The right to use the caches for `leaseMs`. After that, no writer waits for this replica. */
export class Lease {
  private end: Moment = { monotonicMs: -Infinity, wallMs: -Infinity };

  constructor(
    private readonly leaseMs: number,
    private readonly clock: Clock,
  ) {}

  get isHeld(): boolean {
    return this.clock.monotonicMs() < this.end.monotonicMs && this.clock.wallMs() < this.end.wallMs;
  }

  /** Milliseconds since the lease ended: 0 while it is held, infinite before the first one. */
  get msSinceEnd(): number {
    return Math.max(0, this.clock.monotonicMs() - this.end.monotonicMs);
  }

  /** @returns the moment to pass to `renew` when the reply arrives */
  moment(): Moment {
    return { monotonicMs: this.clock.monotonicMs(), wallMs: this.clock.wallMs() };
  }

  /** @param sent when the renewal was sent, which is before PostgreSQL starts to count */
  renew(sent: Moment): void {
    this.end = { monotonicMs: sent.monotonicMs + this.leaseMs, wallMs: sent.wallMs + this.leaseMs };
  }

  giveBack(): void {
    this.end = this.moment();
  }
}

/** The data that decide whether an answer is current. */
export interface Provenance {
  readonly tags: readonly string[];
  readonly snapshot: Snapshot;
  readonly epoch: string;
  /**
   * The other sources of the answer, such as cached values or answers of another service. Each is checked by its own
   * provenance.
   */
  readonly inputs?: readonly Provenance[];
}

const isNumbers = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => Number.isSafeInteger(item));
const isStrings = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

/** Validates a value from outside this process. */
export const isProvenance = (value: Partial<Provenance>): value is Provenance =>
  typeof value.epoch === 'string' &&
  isStrings(value.tags) &&
  Number.isSafeInteger(value.snapshot?.xmax) &&
  isNumbers(value.snapshot?.xip) &&
  (value.inputs === undefined || (Array.isArray(value.inputs) && value.inputs.every(isProvenance)));

/** The snapshot that a replica starts with. It sees nothing. */
const NOTHING: Snapshot = { xmax: 0, xip: [] };

/**
 * A snapshot that sees every row that may have been pruned from the outbox.
 * @param prunedThrough the newest transaction among the pruned rows
 */
const horizonOf = (prunedThrough: number): Snapshot => ({ xmax: prunedThrough + 1, xip: [] });

interface History {
  readonly epoch: string;
  /**
   * Records from the start of the history, so that it includes changes announced before the first read of the outbox.
   */
  readonly journal: TagJournal;
  /** Undefined until the outbox has been read for the first time. */
  prunedThrough?: number;
}

/**
 * One replica's part of the protocol (docs/coherence.md), without I/O. It takes what PostgreSQL reports, and decides
 * what may be served.
 */
export class Coherence {
  private history: History | undefined;
  private readonly lease: Lease;
  /** Every change that this snapshot sees has been recorded. */
  seen = NOTHING;
  /** The number of replicas that held a lease at the last renewal. */
  replicas = 0;

  constructor(
    readonly leaseMs: number,
    clock: Clock = systemClock,
  ) {
    this.lease = new Lease(leaseMs, clock);
  }

  /**
   * True while the caches may be used and running loads joined. This requires a lease: without one, a writer may have
   * answered before this replica knew of its change.
   */
  get isUsable(): boolean {
    return this.lease.isHeld && this.history?.prunedThrough !== undefined;
  }

  /** How long the caches have been unusable. */
  get msWithoutLease(): number {
    return this.lease.msSinceEnd;
  }

  /**
   * Names the history of the database. It changes after a crash, failover or restore, and is empty before the first
   * history.
   */
  get epoch(): string {
    return this.history?.epoch ?? '';
  }

  /** Begins a history. Nothing is known about the time before it, and none of its own changes has been recorded. */
  begin(epoch: string): void {
    this.lease.giveBack();
    this.seen = NOTHING;
    this.history = { epoch, journal: new TagJournal() };
  }

  /**
   * Call this with every read of the outbox, before its changes are recorded.
   * @param prunedThrough the outbox has every row of later transactions
   * @returns false if rows were pruned that this replica has not seen, so that it must begin again
   */
  follow(prunedThrough: number): boolean {
    if (this.history === undefined) return false;
    const { journal, prunedThrough: before } = this.history;
    const horizon = horizonOf(prunedThrough);
    if (before !== undefined && prunedThrough !== before && !seesAllOf(this.seen, horizon)) return false;
    journal.begin(horizon);
    this.history.prunedThrough = prunedThrough;
    return true;
  }

  /** True until this history has been read for the first time. That read returns the whole outbox. */
  get hasSeenNothing(): boolean {
    return this.seen === NOTHING;
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

  /**
   * Call this when a renewal has succeeded.
   * @param sent when it was sent
   * @param snapshot every change that it sees has been recorded
   */
  renewed(sent: Moment, snapshot: Snapshot, replicas: number): void {
    this.seen = snapshot;
    this.replicas = replicas;
    this.history?.journal.compact(snapshot);
    this.lease.renew(sent);
  }

  leave(): void {
    this.lease.giveBack();
  }

  /**
   * Would a read now return the same data as the read in this snapshot, and in those of its inputs? Always false
   * without a lease.
   */
  isCurrent({ epoch, snapshot, tags, inputs }: Provenance): boolean {
    if (!this.isUsable || this.history?.epoch !== epoch) return false;
    if (!this.history.journal.isCurrent(snapshot, tags)) return false;
    return inputs === undefined || inputs.every((input) => this.isCurrent(input));
  }
}
