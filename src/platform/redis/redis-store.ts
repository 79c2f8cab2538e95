import type { Redis } from 'ioredis';
import { CircuitBreaker } from '../cache/circuit-breaker.js';
import type { CacheTally } from '../cache/cache-tally.js';
import { type RemoteState, RemoteStore } from '../cache/remote-store.js';

const PREFIX = 'inkwell:';
const FAILURES_TO_OPEN = 5;
const OPEN_MS = 1_000;
/** Larger values cost more on the wire than a database read. */
const MAX_VALUE_BYTES = 4 * 1024 * 1024;
const SCAN_COUNT = 1_000;

/** L2 on Redis or Valkey: bytes, without a serialiser in between. */
export class RedisStore extends RemoteStore {
  private readonly breaker = new CircuitBreaker({ failures: FAILURES_TO_OPEN, openMs: OPEN_MS });

  constructor(
    private readonly redis: Redis,
    private readonly tally: CacheTally,
  ) {
    super();
  }

  async state(): Promise<RemoteState> {
    return this.redis.ping().then(
      () => 'answers',
      () => 'away',
    );
  }

  async get(key: string): Promise<Buffer | undefined> {
    return (await this.guarded('get', () => this.redis.getBuffer(PREFIX + key))) ?? undefined;
  }

  async set(key: string, value: Buffer, ttlMs: number): Promise<void> {
    if (value.length > MAX_VALUE_BYTES || ttlMs < 1) return;
    await this.guarded('set', () => this.redis.set(PREFIX + key, value, 'PX', Math.floor(ttlMs)));
  }

  async delete(key: string): Promise<void> {
    await this.guarded('delete', () => this.redis.del(PREFIX + key));
  }

  async claim(key: string, ttlMs: number): Promise<boolean> {
    return (await this.guarded('claim', () => this.redis.set(PREFIX + key, '', 'PX', ttlMs, 'NX'))) !== null;
  }

  async clear(): Promise<number> {
    let [cursor, deleted] = ['0', 0];
    do {
      const [next, keys] = await this.redis.scan(cursor, 'MATCH', `${PREFIX}*`, 'COUNT', SCAN_COUNT);
      if (keys.length > 0) deleted += await this.redis.unlink(...keys);
      cursor = next;
    } while (cursor !== '0');
    return deleted;
  }

  private guarded<T>(op: string, call: () => Promise<T>): Promise<T | undefined> {
    return this.breaker.run(call, () => this.tally.countError(`redis/${op}`));
  }
}
