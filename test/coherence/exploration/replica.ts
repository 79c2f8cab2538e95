import { Config } from '../../../src/config.js';
import { Coherence } from '../../../src/platform/coherence/coherence.js';
import { HistoryGate } from '../../../src/platform/coherence/history-gate.js';
import type { ConnectionPoolKeeper } from '../../../src/platform/database/connection-pool.js';
import { Acknowledgements } from '../../../src/platform/outbox/acknowledgements.js';
import { ChangeFeed } from '../../../src/platform/outbox/change-feed.js';
import { ChangeReceiver } from '../../../src/platform/outbox/change-receiver.js';
import {
  type Listeners,
  type Member,
  OutboxConnection,
} from '../../../src/platform/outbox/outbox-connection.js';
import { OutboxFollower } from '../../../src/platform/outbox/outbox-follower.js';

export const LEASE_MS = 200;
const REPLICA = '00000000-0000-4000-8000-000000000002';

export const config = Config.from({
  NODE_ENV: 'test',
  DATABASE_URL: 'postgres://nobody@127.0.0.1/nothing',
  AUTH_SECRET: 'the-signing-key-of-the-exploration-0123456789',
  COHERENCE_LEASE_MS: String(LEASE_MS),
});

/** The requests of the follower to its session with PostgreSQL. */
export type Session = Pick<
  OutboxConnection,
  'history' | 'renew' | 'acknowledge' | 'forget' | 'leave' | 'close'
>;
type Open = (listeners: Listeners) => Promise<Session>;

const opens = new WeakMap<Member, Open>();

/** From now on, followers open sessions with the world that they are in. */
export function openInWorlds(): void {
  OutboxConnection.open = (_url, member, _timeouts, listeners) =>
    opens.get(member)!(listeners) as Promise<OutboxConnection>;
}

/** The follower uses the pool only when it could not join. A world crashes once, so joining never fails. */
const POOL = {
  cutWhenSilent: () => {
    throw new Error('Joining failed, which this world has no time for');
  },
} as unknown as ConnectionPoolKeeper;

/** Without the lease check. */
class Unleased extends Coherence {
  override get isUsable(): boolean {
    return !this.hasSeenNothing;
  }
}

/** One process that follows the outbox. All of its code is the code that is shipped. */
export class Replica {
  readonly coherence: Coherence;
  readonly gate: HistoryGate;
  readonly feed = new ChangeFeed();
  readonly acknowledgements = new Acknowledgements(config);
  readonly receiver: ChangeReceiver;
  private readonly follower: OutboxFollower;

  constructor(hasLease: boolean, open: Open) {
    // The same in all worlds, so that those that go on alike are equal.
    Object.assign(this.acknowledgements, { replica: REPLICA });
    this.coherence = hasLease ? new Coherence(LEASE_MS) : new Unleased(LEASE_MS);
    this.gate = new HistoryGate(this.coherence);
    this.receiver = new ChangeReceiver(this.coherence, this.feed, this.acknowledgements, this.gate);
    this.follower = new OutboxFollower(config, this.receiver, this.gate, POOL);
    opens.set(this.receiver.member, open);
  }

  get id(): string {
    return this.acknowledgements.replica;
  }

  start(): Promise<void> {
    return this.follower.onApplicationBootstrap();
  }
}
