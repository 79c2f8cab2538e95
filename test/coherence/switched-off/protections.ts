import type { Notification as Notice } from 'pg';
import type * as TieredCacheModule from '../../../src/platform/cache/tiered-cache.js';
import type * as SingleFlightModule from '../../../src/platform/cache/single-flight.js';
import type { Entry } from '../../../src/platform/cache/memory-store.js';
import type { Found, ReadOptions } from '../../../src/platform/cache/tiers.js';
import type * as CoherenceModule from '../../../src/platform/coherence/coherence.js';
import type * as LeaseWatchModule from '../../../src/platform/coherence/lease-watch.js';
import type * as SnapshotModule from '../../../src/platform/coherence/snapshot.js';
import type * as TagJournalModule from '../../../src/platform/coherence/tag-journal.js';
import type * as ConnectionHistoriesModule from '../../../src/platform/database/connection-histories.js';
import type * as DatabaseHistoryModule from '../../../src/platform/database/database-history.js';
import type * as AcknowledgementsModule from '../../../src/platform/outbox/acknowledgements.js';
import type * as ChangeFeedModule from '../../../src/platform/outbox/change-feed.js';
import type * as ChangeReceiverModule from '../../../src/platform/outbox/change-receiver.js';
import type * as OutboxConnectionModule from '../../../src/platform/outbox/outbox-connection.js';
import type * as OutboxFollowerModule from '../../../src/platform/outbox/outbox-follower.js';
import { epochSql } from './epoch-sql.ts';
import { replaceGetter, replaceMethod } from './replace.ts';

/** A module of the build that runs, which is dist. */
const load = (path: string): Promise<unknown> =>
  import(new URL(`../../../dist/platform/${path}.js`, import.meta.url).href);

const { LoadQueue, SingleFlight } = (await load('cache/single-flight')) as typeof SingleFlightModule;
const { TieredCache } = (await load('cache/tiered-cache')) as typeof TieredCacheModule;
const { Coherence, Lease } = (await load('coherence/coherence')) as typeof CoherenceModule;
const { LeaseWatch } = (await load('coherence/lease-watch')) as typeof LeaseWatchModule;
const { isVisible } = (await load('coherence/snapshot')) as typeof SnapshotModule;
const { TagJournal } = (await load('coherence/tag-journal')) as typeof TagJournalModule;
const { ConnectionHistories } = (await load(
  'database/connection-histories',
)) as typeof ConnectionHistoriesModule;
const { historySql } = (await load('database/database-history')) as typeof DatabaseHistoryModule;
const { Acknowledgements } = (await load('outbox/acknowledgements')) as typeof AcknowledgementsModule;
const { ChangeFeed } = (await load('outbox/change-feed')) as typeof ChangeFeedModule;
const { ChangeReceiver } = (await load('outbox/change-receiver')) as typeof ChangeReceiverModule;
const { OutboxConnection } = (await load('outbox/outbox-connection')) as typeof OutboxConnectionModule;
const { OutboxFollower } = (await load('outbox/outbox-follower')) as typeof OutboxFollowerModule;

type Acknowledgements = AcknowledgementsModule.Acknowledgements;
type ChangeFeed = ChangeFeedModule.ChangeFeed;
type ChangeReceiver = ChangeReceiverModule.ChangeReceiver;
type Coherence = CoherenceModule.Coherence;
type LeaseWatch = LeaseWatchModule.LeaseWatch;
type OutboxConnection = OutboxConnectionModule.OutboxConnection;
type OutboxFollower = OutboxFollowerModule.OutboxFollower;
type Snapshot = SnapshotModule.Snapshot;
type TagJournal = TagJournalModule.TagJournal;
type TieredCache = TieredCacheModule.TieredCache<Entry>;
type Load = () => Promise<unknown>;
type Loaded = Promise<SingleFlightModule.LoadResult<unknown>>;

/**
 * The protections of the protocol. Each function removes one of them from the process that calls it, by overriding the
 * method that implements it. @throws when there is no such method
 */
export const PROTECTIONS = {
  'acknowledgement wait': () =>
    replaceMethod<Acknowledgements, [AcknowledgementsModule.ExpectedCommit], Promise<boolean>>(
      Acknowledgements.prototype,
      'answerable',
      () => (self, expected) => {
        self.forget(expected);
        return Promise.resolve(false);
      },
    ),

  'lease check': () => replaceGetter(Lease.prototype, 'isHeld', () => true),

  'snapshot check': () => replaceMethod(TagJournal.prototype, 'isCurrent', () => () => true),

  'detaching of loads': () => replaceMethod(SingleFlight.prototype, 'fence', () => () => undefined),

  'lease to join': () =>
    replaceMethod<
      TieredCache,
      [string, ReadOptions<Entry>],
      Promise<SingleFlightModule.LoadResult<Found<Entry>>>
    >(
      TieredCache.prototype,
      'sharedLoad',
      () => (self, key, options) => self['flights'].run(key, () => self['fill'](key, options)),
    ),

  'queued read': () => {
    const flights = new WeakMap<object, SingleFlightModule.SingleFlight<unknown>>();
    replaceMethod<object, [string, Load], Loaded>(LoadQueue.prototype, 'run', () => (self, key, run) => {
      const shared = flights.get(self) ?? new SingleFlight<unknown>();
      flights.set(self, shared);
      return shared.run(key, run);
    });
  },

  /** The first renewal of a new connection is not received. */
  'reload on reconnect': () => {
    let isJoining = false;
    replaceMethod<OutboxFollower, [unknown], Promise<void>>(
      OutboxFollower.prototype,
      'join',
      (join) => (self, timeouts) => {
        isJoining = true;
        return join(self, timeouts).finally(() => (isJoining = false));
      },
    );
    replaceMethod<ChangeReceiver, [readonly OutboxConnectionModule.WrittenChange[], string], Promise<void>>(
      ChangeReceiver.prototype,
      'receive',
      (receive) => (self, changes, epoch) =>
        isJoining && !self['coherence'].hasSeenNothing ? Promise.resolve() : receive(self, changes, epoch),
    );
  },

  /** Only the newest transaction of each tag counts. */
  'set of transactions': () =>
    replaceMethod<TagJournal, [Snapshot, string], boolean>(
      TagJournal.prototype,
      'sawAll',
      () => (self, snapshot, tag) => {
        const touched = self['byTag'].get(tag);
        return touched === undefined || isVisible(touched.newest, snapshot);
      },
    ),

  'difference of snapshots': () =>
    replaceMethod<OutboxConnection, [Snapshot, number], Promise<OutboxConnectionModule.RenewalResult>>(
      OutboxConnection.prototype,
      'renew',
      (renew) => (self, seen, timeoutMs) => renew(self, { ...seen, xip: [] }, timeoutMs),
    ),

  'registering before polling': () => {
    let isRenewing = false;
    replaceMethod<OutboxConnection, [Snapshot, number], Promise<OutboxConnectionModule.RenewalResult>>(
      OutboxConnection.prototype,
      'renew',
      (renew) => (self, seen, timeoutMs) => {
        isRenewing = true;
        return renew(self, seen, timeoutMs);
      },
    );
    replaceMethod<OutboxConnection, [readonly string[], number], Promise<unknown>>(
      OutboxConnection.prototype,
      'send',
      (send) => async (self, statements, timeoutMs) => {
        if (!isRenewing) return send(self, statements, timeoutMs);
        isRenewing = false;
        const [registration, question] = statements;
        if (!registration?.includes('INSERT INTO replica') || question === undefined)
          throw new TypeError('A renewal no longer registers before it asks');
        const answer = await send(self, [question], timeoutMs);
        await send(self, [registration], timeoutMs);
        return answer;
      },
    );
  },

  /** Not a protection: what NOTIFY makes fast must hold without it. */
  notifications: () =>
    replaceMethod<ChangeReceiver, [Notice, string], Promise<boolean>>(
      ChangeReceiver.prototype,
      'notice',
      (notice) => (self, message, epoch) =>
        message.channel === 'outbox' ? Promise.resolve(false) : notice(self, message, epoch),
    ),

  'age of the history': () =>
    replaceMethod<LeaseWatch, [readonly LeaseWatchModule.LeaseMark[], number], unknown>(
      LeaseWatch.prototype,
      'endsOf',
      (endsOf) => (self, marks, atMs) => {
        self['beganAtMs'] = -Infinity;
        return endsOf(self, marks, atMs);
      },
    ),

  epoch: () => replaceMethod(historySql, 'epoch', () => () => epochSql({ id: "''" })),

  'forgetting the ids of another history': () =>
    replaceMethod<ChangeFeed, [string], void>(ChangeFeed.prototype, 'begin', () => (self, epoch) => {
      self['epoch'] = epoch;
    }),

  'check of the name of the history': () =>
    replaceMethod(historySql, 'epoch', () => () => epochSql({ isValid: 'true' })),

  'proof of a connection': () => replaceMethod(ConnectionHistories.prototype, 'isCurrent', () => () => true),

  'horizon of the outbox': () =>
    replaceMethod<Coherence, [number], boolean>(
      Coherence.prototype,
      'follow',
      (follow) => (self, prunedThrough) => {
        const history = self['history'];
        if (history?.prunedThrough !== undefined) history.prunedThrough = prunedThrough;
        return follow(self, prunedThrough);
      },
    ),

  'horizon of a new process': () =>
    replaceMethod<TagJournal, [Snapshot], void>(
      TagJournal.prototype,
      'begin',
      (begin) => (self) => begin(self, { xmax: 0, xip: [] }),
    ),

  /** Instead, leases end by PostgreSQL's clock. */
  "leases by the writer's own clock": () =>
    replaceMethod(
      OutboxConnection,
      'leaseMarks',
      () => () => `coalesce(
      (SELECT json_agg(json_build_object('id', id, 'mark', xmin::text))
       FROM replica WHERE expires_at > clock_timestamp()), '[]')`,
    ),
} as const satisfies Readonly<Record<string, () => void>>;

export type ProtectionName = keyof typeof PROTECTIONS;
