/** The effect of one write on a register, to explain a violation. */
export interface WriteEvent {
  readonly version: number;
  /** The replicas it was sent to. */
  by: string;
  readonly begunMs: number;
  endedMs: number | undefined;
  outcome: 'under way' | 'acknowledged' | 'unknown' | 'refused';
  /** The history of the database that it was sent in. */
  readonly history: number;
}

interface Acknowledgement {
  readonly version: number;
  readonly moment: number;
}

/** The time until which acknowledged versions of a replaced history may still be shown. */
export interface Boundary {
  /** On the timeline; infinite until the new history has acknowledged something. */
  until: number;
}

/** The versions of a replaced history. */
interface Former {
  readonly acknowledgements: readonly Acknowledgement[];
  readonly attempted: number;
  readonly boundary: Boundary;
}

/** The state of a register that an answer shows: its version, or only whether it exists. */
export type Seen = number | 'present' | 'absent';

const KEPT_ACKNOWLEDGEMENTS = 200;
const KEPT_EVENTS = 12;
const KEPT_HISTORIES = 3;

/** Something that is written over and over, by one writer at a time, each time with the next version. */
export class Register {
  private acknowledgements: Acknowledgement[];
  /** Newest first. */
  private former: readonly Former[] = [];
  /** Versions that no history has any more. */
  private readonly lost = new Set<number>();
  private history = 0;
  readonly events: WriteEvent[] = [];
  /** The newest version that may exist. */
  attempted: number;
  acknowledged: number;
  isBusy = false;
  /**
   * The last write to it may still take effect at any time. Nothing newer is written, because it could be overwritten.
   */
  isLeft = false;
  /** Is it in a row that every history has? */
  lasts = false;
  /** Its state is unknown, so no answer about it counts as wrong. */
  isAbandoned = false;

  /** @param isPresentAt does it exist at this version? */
  constructor(
    readonly id: number,
    readonly name: string,
    initial = 0,
    private readonly isPresentAt: (version: number) => boolean = () => true,
  ) {
    this.attempted = initial;
    this.acknowledged = initial;
    this.acknowledgements = [{ version: initial, moment: 0 }];
  }

  /** Does it exist at this version? */
  shows(version: number): boolean {
    return this.isPresentAt(version);
  }

  /** Text that content contains and pages show unchanged. */
  mark(version: number): string {
    return `Zk${this.id}v${version}z`;
  }

  begin(by: string): WriteEvent {
    this.attempted += 1;
    const event: WriteEvent = {
      version: this.attempted,
      by,
      begunMs: performance.now(),
      endedMs: undefined,
      outcome: 'under way',
      history: this.history,
    };
    this.events.push(event);
    if (this.events.length > KEPT_EVENTS) this.events.shift();
    return event;
  }

  /** @returns true if it is in the current history of the database; otherwise its outcome is unknown */
  acknowledge(event: WriteEvent, moment: number): boolean {
    event.endedMs = performance.now();
    event.outcome = 'acknowledged';
    if (event.history !== this.history) return false;
    this.acknowledged = event.version;
    this.acknowledgements.push({ version: event.version, moment });
    if (this.acknowledgements.length > KEPT_ACKNOWLEDGEMENTS) this.acknowledgements.shift();
    return true;
  }

  fail(event: WriteEvent, outcome: 'unknown' | 'refused'): void {
    event.endedMs = performance.now();
    event.outcome = outcome;
  }

  leave(): void {
    this.isLeft = true;
  }

  /**
   * The database has another history now, in which this is the version. Writes from now on are in doubt until that
   * history is settled.
   * @returns the acknowledged version that is lost, if there is one
   */
  replaceHistory(found: number, boundary: Boundary): number | undefined {
    const { acknowledgements, acknowledged, attempted } = this;
    this.former = [{ acknowledgements, attempted, boundary }, ...this.former].slice(0, KEPT_HISTORIES);
    // A write in flight may end up in either history.
    const newest = this.isBusy ? attempted - 1 : attempted;
    for (let version = found + 1; version <= newest; version += 1) this.lost.add(version);
    this.lost.delete(found);
    this.history += 1;
    this.acknowledged = found;
    this.acknowledgements = [{ version: found, moment: -1 }];
    return acknowledged > found ? acknowledged : undefined;
  }

  /** Writes from now on are in this history. */
  settleHistory(): void {
    this.history += 1;
  }

  /** No write is in flight, and this is the version in the database. Nothing else may be shown from now on. */
  settle(version: number, moment: number): void {
    this.attempted = version;
    this.acknowledged = version;
    this.acknowledgements.push({ version, moment });
    this.former = [];
  }

  /** The newest version acknowledged when the read began. */
  acknowledgedAt(moment: number): number {
    return newestAt(this.acknowledgements, moment);
  }

  /** May a read that began at `moment` and ends now have seen this? */
  allows(seen: Seen, moment: number): boolean {
    const { acknowledgements, attempted } = this;
    return (
      this.isWithin(seen, moment, { acknowledgements, attempted }, this.lost) ||
      this.former.some((former) => moment < former.boundary.until && this.isWithin(seen, moment, former))
    );
  }

  /** Is it a version that the database had, and lost? */
  isLost(seen: Seen): boolean {
    return typeof seen === 'number' && this.lost.has(seen);
  }

  private isWithin(
    seen: Seen,
    moment: number,
    { acknowledgements, attempted }: Pick<Former, 'acknowledgements' | 'attempted'>,
    lost: ReadonlySet<number> = NONE,
  ): boolean {
    const oldest = newestAt(acknowledgements, moment);
    if (typeof seen === 'number')
      return seen >= oldest && seen <= attempted && this.isPresentAt(seen) && !lost.has(seen);
    for (let version = oldest; version <= attempted; version += 1)
      if (!lost.has(version) && this.isPresentAt(version) === (seen === 'present')) return true;
    return false;
  }
}

const NONE: ReadonlySet<number> = new Set();

function newestAt(acknowledgements: readonly Acknowledgement[], moment: number): number {
  for (let i = acknowledgements.length - 1; i >= 0; i -= 1)
    if (acknowledgements[i]!.moment <= moment) return acknowledgements[i]!.version;
  // Reads from before everything remembered are not judged.
  return 0;
}
