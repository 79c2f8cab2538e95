import { describe, expect, it } from '@jest/globals';
import { parseSnapshot } from '../../coherence/snapshot.js';
import { CachedAnswer } from '../cached-answer.js';
import { type CacheState, verdictOf } from './verdict.js';

const NOW_MS = 1_700_000_000_000;
const TTL_MS = 60_000;

const aged = (ageMs: number): CachedAnswer =>
  new CachedAnswer(
    {
      status: 200,
      contentType: 'text/plain',
      headers: {},
      etag: '"x"',
      body: Buffer.from('x'),
      tags: ['post:1'],
      snapshot: parseSnapshot('5:8:6'),
      epoch: 'e1',
    },
    { storedAtMs: NOW_MS - ageMs, ttlMs: TTL_MS },
    false,
  );

type Held = Partial<CacheState['holdings']>;

const verdict = (held: Held, more: Partial<CacheState> = {}): string => {
  const holdings = {
    memory: undefined,
    redis: undefined,
    isRedisCurrent: held.redis !== undefined,
    eviction: undefined,
    ...held,
  };
  const situation = { ttlMs: TTL_MS, isJoined: true, holdings, redis: 'answers', changes: [], nowMs: NOW_MS };
  const { next, reason } = verdictOf({ ...situation, redis: 'answers', ...more });
  return `${next}: ${reason}`;
};

const change = (xid: number, ...tags: string[]) => ({ xid, event: 'post.revised', at: new Date(), tags });

describe('verdictOf', () => {
  it('says hit for what is fresh, memory first', () => {
    const [memory, redis] = [aged(20_000), aged(50_000)];
    expect(verdict({ memory, redis })).toBe('hit: It would hit in memory, for 40 s more.');
    expect(verdict({ redis })).toMatch(/^hit: It would hit in Redis, for 10 s more/);
  });

  it('says stale for what is past its TTL by less than another TTL, whatever Redis holds', () => {
    expect(verdict({ memory: aged(62_500), redis: aged(0) })).toMatch(/^stale: .* its TTL ended 2.5 s ago/);
    expect(verdict({ memory: aged(119_999) })).toMatch(/^stale/);
    expect(verdict({ memory: aged(120_001) })).toMatch(/^miss: .*the entry in memory is too old/);
    expect(verdict({ memory: aged(120_001), redis: aged(0) })).toMatch(/^hit: .*Redis/);
  });

  it('names the change that makes the copy of Redis unbelievable, not one that it saw', () => {
    const changes = [change(9, 'post:1'), change(6, 'post:1'), change(7, 'post:1')];
    const outdated = { redis: aged(0), isRedisCurrent: false };
    expect(verdict(outdated, { changes })).toContain(
      'before transaction 9 (post.revised), which touched post:1',
    );
    expect(verdict(outdated, { changes: changes.slice(1) })).toContain('before transaction 6 ');
    expect(verdict(outdated, { changes: changes.slice(2) })).toContain(
      'is older than everything this process knows of',
    );
  });

  it('names the change that evicted it, with its event while the outbox has it', () => {
    const eviction = { xid: 9, tag: 'post:1' };
    expect(verdict({ eviction }, { changes: [change(9, 'post:1')] })).toContain(
      'neither tier holds it, since transaction 9 (post.revised) touched post:1',
    );
    expect(verdict({ eviction })).toContain('since transaction 9 touched post:1');
  });

  it('says which tiers were asked', () => {
    expect(verdict({})).toBe('miss: It would miss and read the database: neither tier holds it.');
    expect(verdict({}, { redis: 'none' })).toContain('memory does not hold it.');
    expect(verdict({}, { redis: 'away' })).toContain('Redis does not answer');
    expect(verdict({ redis: aged(TTL_MS) })).toContain('the entry in Redis is past its TTL');
  });

  it('says miss while the outbox is not followed, and uncached where the TTL is 0, whatever is held', () => {
    expect(verdict({ memory: aged(0), redis: aged(0) }, { isJoined: false })).toMatch(/^miss: .*not joined/);
    expect(verdict({ memory: aged(0) }, { ttlMs: 0 })).toMatch(/^uncached: .*TTL is 0/);
  });
});
