import { expect } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A store or a tier from the caller's point of view: `get` gives a value or a miss. Optional members are operations that
 * not every store has.
 */
export interface Store {
  readonly get: (key: string) => Promise<Buffer | undefined>;
  readonly set: (key: string, value: Buffer, ttlMs: number) => Promise<unknown>;
  readonly delete?: (key: string) => Promise<unknown>;
  readonly claim?: (key: string, ttlMs: number) => Promise<boolean>;
  readonly clear?: () => Promise<unknown>;
  /** From now on every command fails. */
  readonly fail?: () => void;
  readonly close?: () => Promise<void>;
}

export interface StoreKind {
  readonly name: string;
  /** Makes an empty one, for each case. */
  readonly open: () => Store | Promise<Store>;
  /** False where there is no store: everything is a miss. */
  readonly keeps: boolean;
  /** The operations it offers besides `get` and `set`. */
  readonly offers: readonly ('bytes' | 'delete' | 'claim' | 'clear' | 'fail')[];
}

interface Case {
  readonly name: string;
  /** Only of stores that offer it. */
  readonly of?: StoreKind['offers'][number];
  readonly expectHeld: (store: Store, kind: StoreKind) => Promise<void>;
}

const LONG_MS = 60_000;
const SHORT_MS = 50;

const ODD_KEYS = [
  ' ',
  'two words',
  'ключ 한국어 👻',
  'two\nlines',
  'NUL \0',
  '*',
  '?[a-z]{1}',
  '__proto__',
  'constructor',
  'post:5',
  '/blog/api/posts?q=%00&q=..%2F',
  'k'.repeat(10_000),
];
const ODD_VALUES = [
  '',
  ' \n',
  'null',
  '{"value":{"json":true}}',
  '"quoted"',
  '_function_then|resolve => resolve("run")',
  '_date_|2026-01-31T09:30:00.000Z',
  'NUL \0',
  '한국어 👻',
];

const bytes = (text: string): Buffer => Buffer.from(text);

async function expectText(store: Store, { keeps }: StoreKind, key: string, text: string): Promise<void> {
  expect((await store.get(key))?.toString()).toBe(keeps ? text : undefined);
}

/** The time limit of the test ends it. */
async function untilMiss(store: Store, key: string): Promise<void> {
  while ((await store.get(key)) !== undefined) await sleep(10);
}

/** Twenty claims of one key at one moment. */
const claimedAtOnce = (claim: NonNullable<Store['claim']>): Promise<boolean[]> =>
  Promise.all(Array.from({ length: 20 }, () => claim('key', LONG_MS)));

const keyCases = ODD_KEYS.map((key): Case => ({
  name: `keeps the key ${JSON.stringify(key.slice(0, 40))} apart from its neighbours`,
  expectHeld: async (store, kind) => {
    const neighbours = [`${key}x`, `x${key}`];
    await store.set(key, bytes('value'), LONG_MS);
    for (const neighbour of neighbours) expect(await store.get(neighbour)).toBeUndefined();
    for (const neighbour of neighbours) await store.set(neighbour, bytes(neighbour), LONG_MS);
    await expectText(store, kind, key, 'value');
    for (const neighbour of neighbours) await expectText(store, kind, neighbour, neighbour);
  },
}));

const valueCases = ODD_VALUES.map((text): Case => ({
  name: `gives the text ${JSON.stringify(text)} back as it was`,
  expectHeld: async (store, kind) => {
    await store.set('key', bytes(text), LONG_MS);
    await expectText(store, kind, 'key', text);
  },
}));

const CASES: readonly Case[] = [
  {
    name: 'misses a key that was never set',
    expectHeld: async (store) => {
      await store.set('other', bytes('value'), LONG_MS);
      expect(await store.get('key')).toBeUndefined();
    },
  },
  {
    name: 'gives what was set, as often as it is asked',
    expectHeld: async (store, kind) => {
      await store.set('key', bytes('value'), LONG_MS);
      await expectText(store, kind, 'key', 'value');
      await expectText(store, kind, 'key', 'value');
    },
  },
  {
    name: 'gives what was set last, shorter or longer',
    expectHeld: async (store, kind) => {
      for (const text of ['first', 'a longer second', '3rd']) {
        await store.set('key', bytes(text), LONG_MS);
        await expectText(store, kind, 'key', text);
      }
    },
  },
  ...keyCases,
  ...valueCases,
  {
    name: 'gives a value of a mebibyte back whole',
    expectHeld: async (store, kind) => {
      const text = '茶'.repeat(1024 ** 2 / 4) + 'tea '.repeat(1024 ** 2 / 16);
      expect(bytes(text)).toHaveLength(1024 ** 2);
      await store.set('key', bytes(text), LONG_MS);
      await expectText(store, kind, 'key', text);
    },
  },
  {
    name: 'misses a value of 64 MiB, and goes on',
    expectHeld: async (store, kind) => {
      await store.set('key', Buffer.alloc(64 * 1024 ** 2, 'x'), LONG_MS);
      // Not `toBeUndefined`, which would print it.
      expect((await store.get('key')) === undefined).toBe(true);
      await store.set('key', bytes('value'), LONG_MS);
      await expectText(store, kind, 'key', 'value');
    },
  },
  {
    name: 'gives bytes back that are no text',
    of: 'bytes',
    expectHeld: async (store, { keeps }) => {
      const value = Buffer.from([0, 0xff, 0xfe, 0x80, 0xc3, 0x28, 0x0a]);
      await store.set('key', value, LONG_MS);
      expect(await store.get('key')).toEqual(keeps ? value : undefined);
    },
  },
  {
    name: 'misses what has outlived its TTL, and nothing else',
    expectHeld: async (store, kind) => {
      await store.set('long', bytes('value'), LONG_MS);
      await store.set('short', bytes('value'), SHORT_MS);
      await untilMiss(store, 'short');
      await expectText(store, kind, 'long', 'value');
    },
  },
  {
    name: 'counts the TTL from the last set',
    expectHeld: async (store, kind) => {
      await store.set('key', bytes('first'), SHORT_MS);
      await store.set('key', bytes('second'), LONG_MS);
      await store.set('later', bytes('value'), SHORT_MS);
      await untilMiss(store, 'later');
      await expectText(store, kind, 'key', 'second');
    },
  },
  {
    name: 'misses what was deleted, and nothing else',
    of: 'delete',
    expectHeld: async (store, kind) => {
      await store.set('key', bytes('value'), LONG_MS);
      await store.set('other', bytes('value'), LONG_MS);
      await store.delete!('key');
      await store.delete!('never set');
      expect(await store.get('key')).toBeUndefined();
      await expectText(store, kind, 'other', 'value');
    },
  },
  {
    name: 'lets one of many claim a key, and the next when the claim was dropped or has ended',
    of: 'claim',
    expectHeld: async (store, { keeps }) => {
      const claim = store.claim!;
      const claims = await claimedAtOnce(claim);
      expect(claims.filter(Boolean)).toHaveLength(keeps ? 1 : 20);
      expect(await claim('other', LONG_MS)).toBe(true);
      await store.delete!('key');
      expect(await claim('key', SHORT_MS)).toBe(true);
      while (!(await claim('key', SHORT_MS))) await sleep(10);
    },
  },
  {
    name: 'misses everything when it was cleared, and says how much that was',
    of: 'clear',
    expectHeld: async (store, { keeps }) => {
      for (const key of ODD_KEYS) await store.set(key, bytes('value'), LONG_MS);
      expect(await store.clear!()).toBe(keeps ? ODD_KEYS.length : 0);
      for (const key of ODD_KEYS) expect(await store.get(key)).toBeUndefined();
    },
  },
  {
    name: 'makes every failure a miss',
    of: 'fail',
    expectHeld: async (store) => {
      await store.set('key', bytes('value'), LONG_MS);
      store.fail!();
      // More often than the breaker needs to open.
      for (let times = 0; times < 10; times += 1) {
        expect(await store.get('key')).toBeUndefined();
        await store.set('key', bytes('value'), LONG_MS);
        await store.delete?.('key');
        expect((await store.claim?.('claim', LONG_MS)) ?? true).toBe(true);
      }
    },
  },
];

/** The contract of every store and tier of the cache. Cases of operations that a store does not offer are left out. */
export const casesFor = ({ offers }: StoreKind): readonly Case[] =>
  CASES.filter(({ of }) => of === undefined || offers.includes(of));
