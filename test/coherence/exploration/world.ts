import type { Provenance } from '../../../src/platform/coherence/coherence.js';
import type { DatabaseHistory } from '../../../src/platform/coherence/history-gate.js';
import type { LeaseMark } from '../../../src/platform/coherence/lease-watch.js';
import { isVisible, type Snapshot } from '../../../src/platform/coherence/snapshot.js';
import type { Listeners, RenewalResult } from '../../../src/platform/outbox/outbox-connection.js';
import { fingerprintOf } from './fingerprint.js';
import { JOINING, type Limits, type Protection } from './limits.js';
import { LEASE_MS, Replica, type Session } from './replica.js';
import { settled, type VirtualTime } from './virtual-time.js';
import { type Write, Writers } from './writers.js';

const TICK_MS = LEASE_MS / 2;
const TAG = 'k';
const FIRST_XID = 10;

interface Loaded {
  readonly shows: readonly Write[];
  readonly provenance: Provenance;
}

/** A renewal that the replica has sent, up to its reply. */
interface Poll {
  step: 'sent' | 'registered' | 'read';
  /** The lease counts from then. */
  readonly sentAtMs: number;
  readonly seen: Snapshot;
  renewed: RenewalResult | undefined;
  readonly answer: PromiseWithResolvers<RenewalResult>;
}

/**
 * PostgreSQL, a writer, and one replica that has joined and holds one key. One thing happens at a time, in any order.
 * Replica and writer run the code that is shipped. PostgreSQL, the network and time are made here.
 */
export class World {
  private nextXid = FIRST_XID;
  private history: DatabaseHistory = { epoch: 'e0', system: 's', timeline: 1, walBytes: 0 };
  private readonly writes: Write[] = [];
  /** The mark of the replica's row; undefined if there is no row. */
  private mark: number | undefined;
  private readonly writers: Writers;
  private readonly replica: Replica;
  /** The replica's way to PostgreSQL: undefined while it opens another one, and dead after a crash. */
  private session: { readonly listeners: Listeners; isAlive: boolean } | undefined;
  private opening: { readonly listeners: Listeners; readonly opened: (session: Session) => void } | undefined;
  private poll: Poll | undefined;
  private flight: Loaded | undefined;
  private held: Loaded | undefined;
  private left = JOINING;

  private constructor(
    private readonly time: VirtualTime,
    private readonly without: Protection | undefined,
  ) {
    this.writers = new Writers(without !== 'age of the history');
    this.replica = this.newReplica();
  }

  static async begin(limits: Limits, time: VirtualTime, without?: Protection): Promise<World> {
    time.begin();
    const world = new World(time, without);
    const started = world.replica.start();
    for (const action of ['join', 'register', 'poll', 'reply']) await world.perform(action);
    await started;
    world.observe();
    const { snapshot } = world;
    world.held = { shows: [], provenance: { tags: [TAG], snapshot, epoch: world.history.epoch } };
    world.left = limits;
    return world;
  }

  private newReplica(): Replica {
    const open = (listeners: Listeners): Promise<Session> =>
      new Promise((opened) => (this.opening = { listeners, opened }));
    const replica = new Replica(this.without !== 'lease', open);
    replica.feed.subscribe(({ xid, tags }) => {
      const isRecorded = !(
        this.without === 'recording before the first reply' && replica.coherence.hasSeenNothing
      );
      if (isRecorded) replica.coherence.record(xid, tags);
      this.held = undefined;
    });
    replica.gate.onBegin(() => (this.held = undefined));
    return replica;
  }

  private take(what: keyof Limits): void {
    this.left = { ...this.left, [what]: this.left[what] - 1 };
  }

  private get snapshot(): Snapshot {
    const xip = this.writes.filter(({ state }) => state === 'running').map(({ change }) => change.xid);
    return { xmax: this.nextXid, xip };
  }

  /** Does a read now get from the cache what was before an answered write? */
  get isStale(): boolean {
    const { held } = this;
    if (held === undefined || !this.replica.coherence.isUsable) return false;
    return this.writes.some((write) => write.isAnswered && !held.shows.includes(write));
  }

  /** The names of everything that can happen next. */
  next(): string[] {
    const { left } = this;
    return [
      ...this.writes.flatMap((write, i) => this.nextOf(write).map((name) => `${name} ${i}`)),
      ...this.nextOfReplica(),
      ...(left.writes > 0 ? ['write'] : []),
      ...(this.flight !== undefined ? ['store'] : left.loads > 0 ? ['load'] : []),
      ...(left.crashes > 0 ? ['crash'] : []),
      ...(left.ticks > 0 ? ['tick'] : []),
    ];
  }

  private nextOfReplica(): string[] {
    if (this.poll !== undefined)
      return [{ sent: 'register', registered: 'poll', read: 'reply' }[this.poll.step]];
    if (this.left.polls === 0) return [];
    return [this.opening === undefined ? 'send' : 'join'];
  }

  private nextOf(write: Write): string[] {
    if (write.state === 'running') return this.left.crashes > 0 ? ['commit', 'abort'] : ['commit'];
    if (write.state === 'aborted') return [];
    const isAnswerable = write.isAnswerable || this.without === 'wait for acknowledgements';
    return [
      ...(write.isAnnounced ? [] : ['announce']),
      ...(write.isAnnounced && !write.isNoticed ? ['notice'] : []),
      ...(!write.isAnswered && isAnswerable ? ['answer'] : []),
    ];
  }

  /** Resolves when everybody has done what follows from it. */
  async perform(action: string): Promise<void> {
    const [name, i] = action.split(' ') as [keyof typeof this.actions, string | undefined];
    this.actions[name](this.writes[Number(i)]!);
    await settled();
  }

  private readonly actions = {
    tick: () => this.tick(),
    write: () => this.write(),
    crash: () => this.crash(),
    store: () => this.store(),
    load: () => this.load(),
    join: () => this.join(),
    send: () => this.time.interval(),
    register: () => this.register(),
    poll: () => this.readRows(),
    reply: () => this.reply(),
    commit: (write: Write) => this.writers.commit(write, this.time.nowMs),
    abort: (write: Write) => void (write.state = 'aborted'),
    announce: (write: Write) => this.announce(write),
    notice: (write: Write) => this.notice(write),
    answer: (write: Write) => void (write.isAnswered = true),
  };

  private tick(): void {
    this.take('ticks');
    this.time.pass(TICK_MS);
    this.observe();
  }

  /** Writers read the leases at least as often as time passes here. */
  private observe(): void {
    this.writers.observe(this.marks, this.time.nowMs);
  }

  private get marks(): LeaseMark[] {
    return this.mark === undefined ? [] : [{ id: this.replica.id, mark: String(this.mark) }];
  }

  private write(): void {
    this.take('writes');
    const id = String(this.writes.length);
    const change = { id, xid: this.nextXid++, event: 'k.changed', payload: null, tags: [TAG] };
    const unsaid = { isAnnounced: false, isNoticed: false, isAnswerable: false, isAnswered: false };
    this.writes.push({ change, history: this.history, state: 'running', expected: undefined, ...unsaid });
  }

  /** The notice may come later, or never; the list of leases comes at once. */
  private announce(write: Write): void {
    const isBroken = write.history !== this.history;
    this.writers.announce(write, { isBroken, marks: this.marks });
    // Nobody listens at the other end of a session that is broken, or not there yet.
    write.isNoticed = isBroken || this.session?.isAlive !== true;
  }

  private notice(write: Write): void {
    write.isNoticed = true;
    this.session!.listeners.onNotice(this.writers.noticeOf(write));
  }

  private join(): void {
    const { listeners, opened } = this.opening!;
    this.opening = undefined;
    const session = { listeners, isAlive: true };
    this.session = session;
    const whileAlive = <T>(answer: () => Promise<T>): Promise<T> =>
      session.isAlive ? answer() : Promise.reject(new Error('It is broken'));
    const done = (): Promise<void> => whileAlive(() => Promise.resolve());
    opened({
      history: this.history,
      renew: (seen) => whileAlive(() => this.send(seen)),
      acknowledge: (owed) =>
        whileAlive(() => {
          this.writers.acknowledge(this.replica.id, owed);
          return Promise.resolve();
        }),
      forget: done,
      leave: done,
      close: () => undefined,
    });
  }

  private send(seen: Snapshot): Promise<RenewalResult> {
    this.take('polls');
    const answer = Promise.withResolvers<RenewalResult>();
    this.poll = { step: 'sent', sentAtMs: this.time.nowMs, seen, renewed: undefined, answer };
    return answer.promise;
  }

  private register(): void {
    this.poll!.step = 'registered';
    if (this.without !== 'registration before the poll') this.renewRow();
  }

  private renewRow(): void {
    this.mark = (this.mark ?? 0) + 1;
  }

  private readRows(): void {
    const { seen } = this.poll!;
    const isUnseen = ({ change: { xid } }: Write): boolean =>
      this.without === 'difference by snapshot' ? xid >= seen.xmax : !isVisible(xid, seen);
    const rows = this.writes.filter((write) => write.state === 'committed' && isUnseen(write));
    const changes = rows.map(({ change }) => ({ ...change, writer: this.writers.id }));
    this.poll!.step = 'read';
    this.poll!.renewed = { snapshot: this.snapshot, changes, prunedThrough: 0, leases: this.marks };
  }

  private reply(): void {
    const { answer, renewed } = this.poll!;
    this.poll = undefined;
    if (this.without === 'registration before the poll') this.renewRow();
    answer.resolve(renewed!);
  }

  /** Every connection that reads proves its history first. */
  private load(): void {
    this.take('loads');
    this.replica.gate.enter(this.history);
    const { snapshot } = this;
    const shows = this.writes.filter(({ state }) => state === 'committed');
    this.flight = { shows, provenance: { tags: [TAG], snapshot, epoch: this.history.epoch } };
  }

  private store(): void {
    const loaded = this.flight!;
    const { coherence } = this.replica;
    this.flight = undefined;
    const isUnchecked = this.without === 'snapshot check when storing';
    if (isUnchecked ? coherence.isUsable : coherence.isCurrent(loaded.provenance)) this.held = loaded;
  }

  /** PostgreSQL forgets what ran, the registered replicas, and which transaction ids it had given to what ran. */
  private crash(): void {
    this.take('crashes');
    for (const write of this.writes) if (write.state === 'running') write.state = 'aborted';
    const kept = this.writes.filter(({ state }) => state === 'committed').map(({ change }) => change.xid);
    this.nextXid = Math.max(FIRST_XID, ...kept.map((xid) => xid + 1));
    this.mark = undefined;
    this.history = { ...this.history, epoch: this.without === 'epoch' ? 'e0' : 'e1' };
    this.writers.begin();
    for (const write of this.writes) write.isNoticed ||= write.isAnnounced;
    if (this.session !== undefined) this.session.isAlive = false;
    this.poll?.answer.reject(new Error('PostgreSQL crashed'));
    this.poll = undefined;
  }

  /** Equal for worlds that go on alike. */
  get fingerprint(): string {
    const { time, nextXid, history, mark, left, poll, replica, session, opening } = this;
    const { isUsable } = replica.coherence;
    const numbersOf = (loaded: Loaded | undefined): unknown =>
      loaded && [loaded.provenance, loaded.shows.map((write) => this.writes.indexOf(write))];
    return fingerprintOf([
      [time.nowMs, nextXid, history.epoch, mark, left, isUsable, session?.isAlive, opening !== undefined],
      [poll, numbersOf(this.flight), numbersOf(this.held)],
      // The wait is over.
      this.writes.map((write) => (write.isAnswerable ? { ...write, expected: undefined } : write)),
      [this.writers, replica.receiver],
    ]);
  }
}
