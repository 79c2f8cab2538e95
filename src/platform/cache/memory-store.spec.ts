import { beforeEach, describe, expect, it } from '@jest/globals';
import { type MemoryEntry, MemoryStore } from './memory-store.js';

const entry = (
  name: string,
  tags: string[],
  bytes = 10,
  isTransient = false,
): MemoryEntry & { name: string } => ({
  name,
  tags,
  bytes,
  isTransient,
});

describe('MemoryStore', () => {
  let store: MemoryStore<ReturnType<typeof entry>>;
  beforeEach(() => {
    store = new MemoryStore(1600);
  });

  it('evicts by tag exactly the entries that carry it', () => {
    store.set('a', entry('a', ['post:1', 'posts']));
    store.set('b', entry('b', ['post:2', 'posts']));
    expect(store.evict(['post:1'])).toBe(1);
    expect(store.get('a')).toBeUndefined();
    expect(store.get('b')?.name).toBe('b');
    expect(store.evict(['posts', 'post:2'])).toBe(1);
    expect(store.entries).toBe(0);
  });

  it('finds a key by its newest tags only', () => {
    store.set('a', entry('old', ['x']));
    store.set('a', entry('new', ['y']));
    expect(store.evict(['x'])).toBe(0);
    expect(store.get('a')?.name).toBe('new');
  });

  it('stays within its bytes, and lets go of the least recently used', () => {
    for (let i = 0; i < 20; i += 1) {
      store.set(`k${i}`, entry(`e${i}`, ['t'], 150));
      store.get('k0');
    }
    expect(store.bytes).toBeLessThanOrEqual(1600);
    expect(store.get('k0')?.name).toBe('e0');
    expect(store.get('k1')).toBeUndefined();
  });

  it('keeps a flood of made-up keys from pushing out real entries', () => {
    for (let i = 0; i < 10; i += 1) store.set(`real${i}`, entry(`real${i}`, [], 140));
    for (let i = 0; i < 10_000; i += 1) store.set(`made-up${i}`, entry('m', ['posts'], 10, true));
    expect(store.get('real0')?.name).toBe('real0');
    expect(store.bytes).toBeLessThanOrEqual(1600);
  });

  it('counts the keys, which anybody can make long', () => {
    const key = 'k'.repeat(100);
    store.set(key, entry('one', []));
    expect(store.bytes).toBe(10 + 2 * key.length);
  });

  it('does not keep an entry larger than itself, nor its tags', () => {
    store.set('huge', entry('huge', ['t'], 5000));
    expect(store.get('huge')).toBeUndefined();
    expect(store.evict(['t'])).toBe(0);
  });

  it('counts every entry that carries one of several tags once', () => {
    store.set('a', entry('a', ['post:1', 'posts']));
    store.set('b', entry('b', ['post:2', 'posts']));
    expect(store.count(['posts', 'post:1'])).toBe(2);
    expect(store.count(['post:2', 'nothing'])).toBe(1);
  });

  it('remembers which change evicted an entry, until it is kept again', () => {
    store.set('a', entry('a', ['post:1', 'posts']));
    store.evict(['other', 'posts'], 7);
    expect(store.lastEviction('a')).toEqual({ xid: 7, tag: 'posts' });
    store.set('a', entry('a', ['post:1']));
    expect(store.lastEviction('a')).toBeUndefined();
    store.evict(['post:1'], 8);
    store.clear();
    expect(store.lastEviction('a')).toBeUndefined();
  });
});
