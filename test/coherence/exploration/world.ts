import { Coherence, type Provenance } from '../../../src/platform/coherence/coherence.js';
import { CommitWait } from '../../../src/platform/coherence/commit-wait.js';
import { fullLeaseMs, type Moment } from '../../../src/platform/coherence/lease.js';
import { isVisible, type Snapshot } from '../../../src/platform/coherence/snapshot.js';

/** Taken away, to show that the exploration finds what each of them prevents. */
export type Protection =
  | 'wait for acknowledgements'
  | 'lease'
  | 'snapshot check when storing'
  | 'difference by snapshot'
  | 'registration before the poll'
  | 'age of the history'
  | 'epoch';

const LEASE_MS = 100;
const TICK_MS = 50;
const FULL_MS = fullLeaseMs(LEASE_MS);
const TAG = 'k';

interface Write {
  readonly xid: number;
  state: 'running' | 'committed' | 'aborted';
  wait: CommitWait | undefined;
  isAnnounced: boolean;
  isNoticed: boolean;
  isAnswered: boolean;
}

interface Loaded {
  readonly shows: readonly Write[];
  readonly provenance: Provenance;
}

type Poll =
  | { readonly step: 'registered'; readonly sent: Moment; readonly epoch: string }
  | {
      readonly step: 'read';
      readonly sent: Moment;
      readonly epoch: string;
      readonly snapshot: Snapshot;
      readonly rows: readonly Write[];
    };

/** How often each may happen. */
export interface Limits {
  readonly writes: number;
  readonly ticks: number;
  readonly polls: number;
  readonly loads: number;
  readonly crashes: number;
}

/** PostgreSQL, writers, and one replica that has joined and holds one key. One thing happens at a time, in any order. */
export class World {
  private nowMs = 1_000_000;
  private nextXid = 10;
  private epoch = 'e0';
  private beganAtMs = 0;
  private readonly writes: Write[] = [];
  private rowExpiresAtMs = -Infinity;
  private poll: Poll | undefined;
  private flight: Loaded | undefined;
  private held: Loaded | undefined;
  private readonly coherence: Coherence;
  private left: Limits;

  constructor(
    limits: Limits,
    private readonly without?: Protection,
  ) {
    const clock = { monotonicMs: () => this.nowMs, wallMs: () => this.nowMs };
    this.left = limits;
    this.coherence = new Coherence(LEASE_MS, clock);
    this.coherence.begin(this.epoch);
    this.rowExpiresAtMs = this.nowMs + FULL_MS;
    this.coherence.renewed(this.coherence.sendingRenewal(), this.snapshot, 1);
    this.held = { shows: [], provenance: { tags: [TAG], snapshot: this.snapshot, epoch: this.epoch } };
  }

  private take(what: keyof Limits): void {
    this.left = { ...this.left, [what]: this.left[what] - 1 };
  }

  private get snapshot(): Snapshot {
    const xip = this.writes.filter(({ state }) => state === 'running').map(({ xid }) => xid);
    return { xmax: this.nextXid, xip };
  }

  private isHeldUsable(): boolean {
    return this.held !== undefined && (this.without === 'lease' || this.coherence.isUsable);
  }

  /** Does a read now get from the cache what was before an answered write? */
  get isStale(): boolean {
    if (!this.isHeldUsable()) return false;
    return this.writes.some((write) => write.isAnswered && !this.held!.shows.includes(write));
  }

  /** The names of everything that can happen next. */
  next(): string[] {
    const { left } = this;
    return [
      ...(left.ticks > 0 ? ['tick'] : []),
      ...(left.writes > 0 ? ['write'] : []),
      ...(left.crashes > 0 ? ['crash'] : []),
      ...(this.flight !== undefined ? ['store'] : left.loads > 0 ? ['load'] : []),
      ...this.nextOfPoll(),
      ...this.writes.flatMap((write, i) => this.nextOf(write).map((name) => `${name} ${i}`)),
    ];
  }

  private nextOfPoll(): string[] {
    if (this.poll === undefined) return this.left.polls > 0 ? ['register'] : [];
    return [this.poll.step === 'registered' ? 'poll' : 'reply'];
  }

  private nextOf(write: Write): string[] {
    if (write.state === 'running') return this.left.crashes > 0 ? ['commit', 'abort'] : ['commit'];
    if (write.state === 'aborted') return [];
    return [
      ...(write.isAnnounced ? [] : ['announce']),
      ...(write.isAnnounced && !write.isNoticed ? ['notice'] : []),
      ...(!write.isAnswered && this.isAnswerable(write) ? ['answer'] : []),
    ];
  }

  perform(action: string): void {
    const [name, i] = action.split(' ') as [keyof typeof this.actions, string | undefined];
    this.actions[name](this.writes[Number(i)]!);
  }

  private readonly actions = {
    tick: () => this.tick(),
    write: () => this.write(),
    crash: () => this.crash(),
    store: () => this.store(),
    load: () => this.load(),
    register: () => this.register(),
    poll: () => this.readRows(),
    reply: () => this.reply(),
    commit: (write: Write) => this.commit(write),
    abort: (write: Write) => void (write.state = 'aborted'),
    announce: (write: Write) => this.announce(write),
    notice: (write: Write) => this.notice(write),
    answer: (write: Write) => void (write.isAnswered = true),
  };

  private isAnswerable({ wait }: Write): boolean {
    return this.without === 'wait for acknowledgements' || wait!.answerableAtMs <= this.nowMs;
  }

  private tick(): void {
    this.take('ticks');
    this.nowMs += TICK_MS;
  }

  private write(): void {
    this.take('writes');
    const xid = this.nextXid++;
    this.writes.push({
      xid,
      state: 'running',
      wait: undefined,
      isAnnounced: false,
      isNoticed: false,
      isAnswered: false,
    });
  }

  private commit(write: Write): void {
    write.state = 'committed';
    write.wait = new CommitWait(FULL_MS);
    write.wait.committed(this.nowMs);
  }

  /** The notice may come later, or never; the list of leases comes at once. */
  private announce(write: Write): void {
    write.isAnnounced = true;
    const leftMs = this.rowExpiresAtMs - this.nowMs;
    const historyAgeMs = this.without === 'age of the history' ? Infinity : this.nowMs - this.beganAtMs;
    write.wait!.leasesWere({ historyAgeMs, replicas: leftMs > 0 ? [{ id: 'r', leftMs }] : [] }, this.nowMs);
  }

  private notice(write: Write): void {
    write.isNoticed = true;
    this.learn([write]);
  }

  private learn(writes: readonly Write[]): void {
    for (const { xid, wait } of writes) {
      this.coherence.record(xid, [TAG]);
      this.held = undefined;
      wait?.acknowledge('r');
    }
  }

  private register(): void {
    this.take('polls');
    this.poll = { step: 'registered', sent: this.coherence.sendingRenewal(), epoch: this.epoch };
    if (this.without !== 'registration before the poll') this.rowExpiresAtMs = this.nowMs + FULL_MS;
  }

  private readRows(): void {
    const { sent, epoch } = this.poll!;
    const { seen } = this.coherence;
    const isUnseen = ({ xid }: Write): boolean =>
      this.without === 'difference by snapshot' ? xid >= seen.xmax : !isVisible(xid, seen);
    const rows = this.writes.filter((write) => write.state === 'committed' && isUnseen(write));
    this.poll = { step: 'read', sent, epoch, snapshot: this.snapshot, rows };
  }

  private reply(): void {
    const poll = this.poll as Extract<Poll, { step: 'read' }>;
    this.poll = undefined;
    if (this.without === 'registration before the poll') this.rowExpiresAtMs = this.nowMs + FULL_MS;
    if (poll.epoch !== this.coherence.epoch && this.without !== 'epoch') {
      // As the follower does it: a poll of its own brings everything there is.
      this.coherence.begin(poll.epoch);
      this.held = undefined;
      return;
    }
    this.learn(poll.rows);
    this.coherence.renewed(poll.sent, poll.snapshot, 1);
  }

  private load(): void {
    this.take('loads');
    const { snapshot } = this;
    const shows = this.writes.filter(({ state }) => state === 'committed');
    const epoch = this.without === 'epoch' ? 'e0' : this.coherence.epoch;
    this.flight = { shows, provenance: { tags: [TAG], snapshot, epoch } };
  }

  private store(): void {
    const loaded = this.flight!;
    this.flight = undefined;
    const isCurrent =
      this.without === 'snapshot check when storing' || this.without === 'lease'
        ? this.without !== 'lease' || this.coherence.seen.xmax > 0
        : this.coherence.isCurrent(loaded.provenance);
    if (isCurrent) this.held = loaded;
  }

  /** PostgreSQL forgets what ran, the registered replicas, and which transaction ids it had given to what ran. */
  private crash(): void {
    this.take('crashes');
    for (const write of this.writes) if (write.state === 'running') write.state = 'aborted';
    const kept = this.writes.filter(({ state }) => state === 'committed').map(({ xid }) => xid);
    this.nextXid = Math.max(10, ...kept.map((xid) => xid + 1));
    this.rowExpiresAtMs = -Infinity;
    this.epoch = 'e1';
    this.beganAtMs = this.nowMs;
    this.poll = undefined;
    for (const write of this.writes) write.isNoticed ||= write.isAnnounced;
  }

  /** Equal for worlds that go on alike. */
  get fingerprint(): string {
    const { nowMs, nextXid, epoch, beganAtMs, rowExpiresAtMs, left, poll, flight, held, coherence } = this;
    const loaded = (it: Loaded | undefined): unknown => it && [it.provenance, it.shows.map(({ xid }) => xid)];
    const writes = this.writes.map(({ wait, ...write }) => [write, wait?.answerableAtMs]);
    const polled = poll && { ...poll, rows: poll.step === 'read' ? poll.rows.map(({ xid }) => xid) : [] };
    const known = this.writes.map(({ xid }) => coherence.newestChangeOf([TAG])?.xid === xid);
    return JSON.stringify([
      [nowMs, nextXid, epoch, beganAtMs, rowExpiresAtMs, left],
      [polled, loaded(flight), loaded(held), coherence.seen, coherence.epoch, coherence.msWithoutLease],
      [coherence.isUsable, writes, known],
    ]);
  }
}
