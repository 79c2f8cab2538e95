import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CacheTally } from '../../src/platform/cache/cache-tally.js';
import { EntrySeal } from '../../src/platform/cache/entry-seal.js';
import { CachedObject } from '../../src/platform/cache/object-cache.js';
import { objectStore, RedisObjects } from '../../src/platform/cache/redis-objects.js';
import { RedisStore } from '../../src/platform/cache/redis-store.js';
import { connectRedis, disconnectRedis, type Redis } from '../../src/platform/redis/redis.js';
import { CachedAnswer } from '../../src/platform/responses/cached-answer.js';
import { RedisAnswers } from '../../src/platform/responses/redis-answers.js';
import { redisUrl } from '../support/start-inkwell.js';
import { casesFor, type Store, type StoreKind } from './store-contract.js';

const SECRETS = ['the-signing-key-of-the-tests-0123456789'];
const provenance = { tags: ['post:1'], snapshot: { xmax: 1, xip: [] }, epoch: 'e1' };

/** A client of its own, which may be broken. A busy machine must not make a miss of a slow command. */
async function connected(): Promise<Redis> {
  const redis = connectRedis(redisUrl());
  redis.options.commandTimeout = 20_000;
  if (redis.status !== 'ready') await new Promise((resolve) => redis.once('ready', resolve));
  return redis;
}

async function emptyRedis(): Promise<{ redis: Redis; remote: RedisStore; tally: CacheTally }> {
  const redis = await connected();
  await redis.flushdb();
  const tally = new CacheTally();
  return { redis, remote: new RedisStore(redis, tally), tally };
}

const ends = (redis: Redis): Pick<Store, 'fail' | 'close'> => ({
  fail: () => redis.disconnect(),
  close: () => disconnectRedis(redis),
});

async function redisStore(): Promise<Store> {
  const { redis, remote } = await emptyRedis();
  return {
    get: (key) => remote.get(key),
    set: (key, value, ttlMs) => remote.set(key, value, ttlMs),
    delete: (key) => remote.delete(key),
    claim: (key, ttlMs) => remote.claim(key, ttlMs),
    clear: () => remote.clear(),
    ...ends(redis),
  };
}

async function redisObjects(): Promise<Store> {
  const { redis, remote, tally } = await emptyRedis();
  const objects = new RedisObjects(objectStore(redis, remote), new EntrySeal(SECRETS, 'objects'), { tally });
  return {
    get: async (key) => {
      const entry = await objects.get(key);
      return entry === undefined ? undefined : Buffer.from(entry.value as string);
    },
    set: (key, value, ttlMs) =>
      objects.set(key, new CachedObject(value.toString(), provenance, { storedAtMs: Date.now(), ttlMs })),
    ...ends(redis),
  };
}

async function redisAnswers(): Promise<Store> {
  const { redis, remote, tally } = await emptyRedis();
  const answers = new RedisAnswers(new EntrySeal(SECRETS, 'answers'), { remote, tally });
  const about = { status: 200, contentType: 'text/plain', headers: {}, etag: '"1-x"', ...provenance };
  return {
    get: async (key) => (await answers.get(key))?.content.body,
    set: (key, body, ttlMs) =>
      answers.set(key, new CachedAnswer({ ...about, body }, { storedAtMs: Date.now(), ttlMs }, false)),
    ...ends(redis),
  };
}

const KINDS: readonly StoreKind[] = [
  {
    name: 'RedisStore',
    open: redisStore,
    keeps: true,
    offers: ['bytes', 'delete', 'claim', 'clear', 'fail'],
  },
  { name: 'RedisObjects on CACHE_MANAGER', open: redisObjects, keeps: true, offers: ['fail'] },
  { name: 'RedisAnswers on RedisStore', open: redisAnswers, keeps: true, offers: ['bytes', 'fail'] },
];

describe.each(KINDS)('$name', (kind) => {
  let store: Store;
  beforeEach(async () => {
    store = await kind.open();
  });
  afterEach(() => store.close?.());

  it.each(casesFor(kind))('$name', ({ expectHeld }) => expectHeld(store, kind));
});

describe('the two ways into Redis', () => {
  let redis: Redis;
  let remote: RedisStore;
  let objects: RedisObjects;
  let tally: CacheTally;
  beforeEach(async () => {
    ({ redis, remote, tally } = await emptyRedis());
    objects = new RedisObjects(objectStore(redis, remote), new EntrySeal(SECRETS, 'objects'), { tally });
  });
  afterEach(() => disconnectRedis(redis));

  it('clear what is theirs, and leave the keys of others', async () => {
    const times = { storedAtMs: Date.now(), ttlMs: 60_000 };
    await redis.set('of another application', 'stays');
    await remote.set('answer', Buffer.from('goes'), 60_000);
    await objects.set('object', new CachedObject('goes', provenance, times));
    expect(await redis.keys('*')).toHaveLength(3);
    expect(await remote.clear()).toBe(2);
    expect(await redis.keys('*')).toEqual(['of another application']);
  });

  it('share one breaker: failures of objects are counted, and keep answers from asking', async () => {
    redis.disconnect();
    for (let times = 0; times < 5; times += 1) await objects.get('key');
    expect(tally.errors.get('redis/get')).toBe(5);
    await remote.get('key');
    await objects.get('key');
    expect(tally.errors.get('redis/get')).toBe(5);
  });
});
