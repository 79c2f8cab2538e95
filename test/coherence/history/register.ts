/** What one write did to a register, for people who look at a violation. */
export interface WriteEvent {
  readonly version: number;
  /** The replicas it was sent to. */
  by: string;
  readonly begunMs: number;
  endedMs: number | undefined;
  outcome: 'under way' | 'acknowledged' | 'unknown' | 'refused';
}

interface Acknowledgement {
  readonly version: number;
  readonly moment: number;
}

/** What an answer says of a register: the version it shows, or only whether it is there. */
export type Seen = number | 'present' | 'absent';

const KEPT_ACKNOWLEDGEMENTS = 200;
const KEPT_EVENTS = 12;

/** Something that is written over and over, by one writer at a time, each time as the next version. */
export class Register {
  private readonly acknowledgements: Acknowledgement[];
  readonly events: WriteEvent[] = [];
  /** The newest version that may exist. */
  attempted: number;
  acknowledged: number;
  isBusy = false;
  /** What was last written to it may still happen, at any time: nothing newer is written, lest that be overwritten. */
  isLeft = false;

  /** @param isPresentAt is there something to be seen at this version? */
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

  /** The text that content carries, and pages show unchanged. */
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
    };
    this.events.push(event);
    if (this.events.length > KEPT_EVENTS) this.events.shift();
    return event;
  }

  acknowledge(event: WriteEvent, moment: number): void {
    event.endedMs = performance.now();
    event.outcome = 'acknowledged';
    this.acknowledged = event.version;
    this.acknowledgements.push({ version: event.version, moment });
    if (this.acknowledgements.length > KEPT_ACKNOWLEDGEMENTS) this.acknowledgements.shift();
  }

  fail(event: WriteEvent, outcome: 'unknown' | 'refused'): void {
    event.endedMs = performance.now();
    event.outcome = outcome;
  }

  leave(): void {
    this.isLeft = true;
  }

  /** Nothing is under way any more, and this is what the database has: nothing else may be shown from now on. */
  settle(version: number, moment: number): void {
    this.attempted = version;
    this.acknowledged = version;
    this.acknowledgements.push({ version, moment });
  }

  /** The newest version that was acknowledged when the read began. */
  acknowledgedAt(moment: number): number {
    for (let i = this.acknowledgements.length - 1; i >= 0; i -= 1)
      if (this.acknowledgements[i]!.moment <= moment) return this.acknowledgements[i]!.version;
    // What is older than all that is kept is not judged.
    return 0;
  }

  /** May a read that began at `moment` and ends now have seen this? */
  allows(seen: Seen, moment: number): boolean {
    const oldest = this.acknowledgedAt(moment);
    if (typeof seen === 'number') return seen >= oldest && seen <= this.attempted && this.isPresentAt(seen);
    for (let version = oldest; version <= this.attempted; version += 1)
      if (this.isPresentAt(version) === (seen === 'present')) return true;
    return false;
  }
}
