import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { buildId } from '../build-info/build-id.js';
import { type Clock, Coherence } from '../coherence/coherence.js';
import { parseSnapshot } from '../coherence/snapshot.js';
import { TagJournal } from '../coherence/tag-journal.js';
import { ServiceUnavailable } from '../errors/service-unavailable.js';
import { runningTime } from '../resilience/running-time.js';
import { CacheInvalidator } from './cache-invalidator.js';
import { CacheTally } from './cache-tally.js';
import { FillClaims } from './fill-claims.js';
import { type Entry, MemoryStore } from './memory-store.js';
import { NoRemoteStore } from './redis-store.js';
import { SingleFlight } from './single-flight.js';
import { TieredCache } from './tiered-cache.js';
import type { ReadOptions, RemoteTier, Tiers } from './tiers.js';

interface Note extends Entry {
  readonly text: string;
}

const TTL_MS = 1_000;
const LEASE_MS = 400;
const EPOCH = 'e1';
const REMOTE_KEY = `${buildId}:${EPOCH}:k`;

const note = (text: string, snapshot: string, storedAtMs = Date.now()): Note => ({
  text,
  tags: ['t'],
  bytes: 100,
  isTransient: false,
  provenance: { tags: ['t'], snapshot: parseSnapshot(snapshot), epoch: EPOCH },
  times: { storedAtMs, ttlMs: TTL_MS },
});

/** The clock of the leases stands still. */
let nowMs = 0;
const stoppedClock: Clock = { monotonicMs: () => nowMs, wallMs: () => nowMs };
const holdLease = (): void =>
  tiers.coherence.renewed(tiers.coherence.sendingRenewal(), parseSnapshot('1:1:'), 1);
const loseLease = (): void => {
  nowMs += LEASE_MS;
};

let tiers: Tiers;
let remote: Map<string, Note>;
let cache: TieredCache<Note>;
let invalidator: CacheInvalidator;

const options = (load: () => Promise<Note>): ReadOptions<Note> => ({
  cache: 'posts',
  staleWhileRevalidateMs: TTL_MS,
  staleIfErrorMs: 10 * TTL_MS,
  remote: 'unknown',
  load,
});
const read = async (load: () => Promise<Note>): Promise<string> => {
  const { entry, source } = await cache.read('k', options(load));
  return `${entry.text} (${source})`;
};
const refuse = (): Promise<Note> => Promise.reject(new Error('not to be loaded'));

beforeEach(() => {
  jest.restoreAllMocks();
  const coherence = new Coherence(LEASE_MS, stoppedClock);
  const claims = new FillClaims(new NoRemoteStore(), coherence);
  tiers = {
    memory: new MemoryStore<Entry>(100_000),
    coherence,
    claims,
    remote: new NoRemoteStore(),
    flights: new SingleFlight(),
    tally: new CacheTally(),
  };
  tiers.coherence.begin(EPOCH);
  tiers.coherence.follow(0);
  holdLease();
  remote = new Map();
  const tier: RemoteTier<Note> = {
    get: async (key) => remote.get(key),
    keeps: () => true,
    set: async (key, entry) => void remote.set(key, entry),
  };
  cache = new TieredCache<Note>(tiers, tier, (entry): entry is Note => 'text' in entry);
  invalidator = new CacheInvalidator(tiers);
});

describe('TieredCache', () => {
  it('loads once, then answers from memory, and tells the other tier', async () => {
    expect(await read(async () => note('a', '5:5:'))).toBe('a (load)');
    expect(await read(refuse)).toBe('a (memory)');
    expect(remote.get(REMOTE_KEY)?.text).toBe('a');
  });

  it('takes what another replica stored', async () => {
    remote.set(REMOTE_KEY, note('theirs', '5:5:'));
    expect(await read(refuse)).toBe('theirs (redis)');
    expect(await read(refuse)).toBe('theirs (memory)');
  });

  it('does not ask the other tier for what it cannot have', async () => {
    remote.set(REMOTE_KEY, note('theirs', '5:5:'));
    const load = async (): Promise<Note> => note('ours', '5:5:');
    const { entry } = await cache.read('k', { ...options(load), remote: 'never' });
    expect(entry.text).toBe('ours');
  });

  it('does not believe what another replica stored before a change', async () => {
    remote.set(REMOTE_KEY, note('old', '5:5:'));
    invalidator.invalidate(7, ['t']);
    expect(await read(async () => note('new', '8:8:'))).toBe('new (load)');
  });

  it('does not believe entries of another history', async () => {
    const alien = {
      ...note('alien', '9:9:'),
      provenance: { tags: ['t'], snapshot: parseSnapshot('9:9:'), epoch: 'e0' },
    };
    remote.set(REMOTE_KEY, alien);
    expect(await read(async () => note('ours', '5:5:'))).toBe('ours (load)');
  });

  it('forgets at once what an invalidation touched, and only that', async () => {
    await read(async () => note('a', '5:5:'));
    expect(invalidator.invalidate(6, ['other'])).toBe(0);
    expect(await read(refuse)).toBe('a (memory)');
    expect(invalidator.invalidate(7, ['t'])).toBe(1);
    expect(await read(async () => note('b', '8:8:'))).toBe('b (load)');
  });

  it('uses no tier before the outbox has been joined', async () => {
    tiers = { ...tiers, coherence: new Coherence(LEASE_MS) };
    cache = new TieredCache<Note>(
      tiers,
      { get: refuse, keeps: () => true, set: async () => undefined },
      (entry): entry is Note => 'text' in entry,
    );
    expect(await read(async () => note('a', '5:5:'))).toBe('a (overtaken)');
    expect(tiers.memory.entries).toBe(0);
  });

  it('uses no tier without a lease, and uses them again with the next one', async () => {
    await read(async () => note('a', '5:5:'));
    loseLease();
    expect(cache.peek('k')).toBeUndefined();
    expect(await read(async () => note('b', '6:6:'))).toBe('b (overtaken)');
    holdLease();
    expect(await read(refuse)).toBe('a (memory)');
  });

  it('shares no load that began before the question, without a lease', async () => {
    loseLease();
    const held = Promise.withResolvers<Note>();
    const first = read(() => held.promise);
    const others = [read(async () => note('second', '6:6:')), read(refuse), read(refuse)];
    held.resolve(note('first', '5:5:'));
    expect(await first).toBe('first (overtaken)');
    expect(await Promise.all(others)).toEqual(Array(3).fill('second (overtaken)'));
  });

  it('serves what an outage keeps from being judged, marked, when the load fails without a lease', async () => {
    await read(async () => note('a', '5:5:'));
    loseLease();
    const fail = (): Promise<Note> => Promise.reject(new ServiceUnavailable('PostgreSQL is away', 1));
    expect(await read(fail)).toBe('a (error)');
    nowMs += 10 * TTL_MS;
    await expect(read(fail)).rejects.toThrow(ServiceUnavailable);
  });

  it('serves an expired entry while one load renews it', async () => {
    await read(async () => note('old', '5:5:', Date.now() - TTL_MS - 1));
    let loads = 0;
    const renew = async (): Promise<Note> => (loads++, note('new', '6:6:'));
    remote.clear();
    expect(await Promise.all([read(renew), read(renew)])).toEqual([
      'old (revalidating)',
      'old (revalidating)',
    ]);
    await new Promise(setImmediate);
    expect(await read(refuse)).toBe('new (memory)');
    expect(loads).toBe(1);
  });

  it('serves an expired entry when the database is away, but for no other failure', async () => {
    await read(async () => note('old', '5:5:', Date.now() - 3 * TTL_MS));
    remote.clear();
    const away = (): Promise<Note> => Promise.reject(new ServiceUnavailable('away', 1));
    expect(await read(away)).toBe('old (error)');
    await expect(read(refuse)).rejects.toThrow('not to be loaded');
  });

  it('serves nothing past the time for errors', async () => {
    await read(async () => note('old', '5:5:', Date.now() - 12 * TTL_MS));
    remote.clear();
    await expect(read(() => Promise.reject(new ServiceUnavailable('away', 1)))).rejects.toThrow('away');
  });

  it('never serves a removed entry, not even when the load after it fails', async () => {
    await read(async () => note('old', '5:5:', Date.now() - 3 * TTL_MS));
    const away = Promise.withResolvers<Note>();
    const waiting = read(() => away.promise);
    await new Promise(setImmediate);
    invalidator.invalidate(7, ['t']);
    away.reject(new ServiceUnavailable('away', 1));
    await expect(waiting).rejects.toThrow('away');
  });
});

describe('a load that a change overtakes', () => {
  /**
   * A load reads, then a change commits and is announced, then another caller asks, and only then does the load's
   * result arrive.
   */
  async function overtake(): Promise<{ newcomer: string; later: string }> {
    const slow = Promise.withResolvers<Note>();
    const first = read(() => slow.promise);
    await new Promise(setImmediate);
    invalidator.invalidate(7, ['t']);
    const newcomer = read(async () => note('new', '8:8:'));
    await new Promise(setImmediate);
    slow.resolve(note('old', '5:5:'));
    await first;
    return { newcomer: await newcomer, later: await read(async () => note('new', '8:8:')) };
  }

  it('is neither joined nor stored', async () => {
    expect(await overtake()).toEqual({ newcomer: 'new (load)', later: 'new (memory)' });
  });

  it('is joined when the fence is switched off: the first test would fail', async () => {
    jest.spyOn(SingleFlight.prototype, 'fence').mockReturnValue(undefined);
    expect((await overtake()).newcomer).toMatch(/^old/);
  });

  it('is stored when a change of something else overtook it', async () => {
    const slow = Promise.withResolvers<Note>();
    const first = read(() => slow.promise);
    await new Promise(setImmediate);
    invalidator.invalidate(7, ['other']);
    slow.resolve(note('still true', '5:5:'));
    expect(await first).toBe('still true (load)');
    expect(await read(refuse)).toBe('still true (memory)');
  });

  it('is stored when the snapshot check is switched off: the first test would fail', async () => {
    jest.spyOn(TagJournal.prototype, 'isCurrent').mockReturnValue(true);
    expect((await overtake()).later).toBe('old (memory)');
  });
});

describe('a load that fails because the database is away', () => {
  const failingOnce = () => {
    let loads = 0;
    return {
      count: () => loads,
      load: (): Promise<Note> => {
        loads += 1;
        return loads === 1
          ? Promise.reject(new ServiceUnavailable('away', 1))
          : Promise.resolve(note('new', '5:5:'));
      },
    };
  };

  it('is tried again by a process that got no CPU meanwhile', async () => {
    const starved = { elapsedMs: 1_000, ranMs: 100, isStarved: true };
    jest.spyOn(runningTime, 'begin').mockReturnValue(() => starved);
    const { load, count } = failingOnce();
    expect([await read(load), count()]).toEqual(['new (load)', 2]);
  });

  it('is the answer of a process that ran all the time', async () => {
    const { load, count } = failingOnce();
    jest
      .spyOn(runningTime, 'begin')
      .mockReturnValue(() => ({ elapsedMs: 1_000, ranMs: 1_000, isStarved: false }));
    await expect(read(load)).rejects.toThrow('away');
    expect(count()).toBe(1);
  });
});
