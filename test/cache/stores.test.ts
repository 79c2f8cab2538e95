import { afterEach, beforeEach, describe, it } from '@jest/globals';
import { type Entry, isFresh, MemoryStore } from '../../src/platform/cache/memory-store.js';
import { NoRemoteStore } from '../../src/platform/cache/redis-store.js';
import { casesFor, type Store, type StoreKind } from './store-contract.js';

const MAX_BYTES = 32 * 1024 ** 2;
const provenance = { tags: ['post:1'], snapshot: { xmax: 1, xip: [] }, epoch: 'e1' };

interface KeptBytes extends Entry {
  readonly value: Buffer;
}

/** Expired entries stay, to be served stale: to its readers, what is not fresh is a miss. */
function memoryStore(isTransient: boolean): Store {
  const memory = new MemoryStore<KeptBytes>(MAX_BYTES);
  return {
    get: async (key) => {
      const entry = memory.get(key);
      return entry !== undefined && isFresh(entry, Date.now()) ? entry.value : undefined;
    },
    set: async (key, value, ttlMs) => {
      const times = { storedAtMs: Date.now(), ttlMs };
      memory.set(key, { tags: provenance.tags, bytes: value.length, isTransient, provenance, times, value });
    },
    delete: async (key) => memory.delete(key),
    clear: async () => {
      const { entries } = memory;
      memory.clear();
      return entries;
    },
  };
}

function noRemoteStore(): Store {
  const store = new NoRemoteStore();
  return {
    get: () => store.get(),
    set: () => store.set(),
    delete: () => store.delete(),
    claim: () => store.claim(),
    clear: () => store.clear(),
  };
}

const IN_MEMORY = { keeps: true, offers: ['bytes', 'delete', 'clear'] } as const;
const KINDS: readonly StoreKind[] = [
  { ...IN_MEMORY, name: 'MemoryStore', open: () => memoryStore(false) },
  { ...IN_MEMORY, name: 'MemoryStore, with entries that anybody can make up', open: () => memoryStore(true) },
  {
    name: 'NoRemoteStore',
    open: noRemoteStore,
    keeps: false,
    offers: ['bytes', 'delete', 'claim', 'clear'],
  },
];

describe.each(KINDS)('$name', (kind) => {
  let store: Store;
  beforeEach(async () => {
    store = await kind.open();
  });
  afterEach(() => store.close?.());

  it.each(casesFor(kind))('$name', ({ expectHeld }) => expectHeld(store, kind));
});
