import type { Redis } from '../redis/redis.js';
import { CircuitBreaker } from '../resilience/circuit-breaker.js';
import type { CacheTally } from './cache-tally.js';

export type RemoteState = 'none' | 'answers' | 'away';

/**
 * L2: bytes by key, in a store that the replicas share. It only saves time. A failure counts as a miss, at once or
 * after the command timeout, and no entry is served without the snapshot check.
 */
export abstract class RemoteStore {
  /** Checks whether the store answers now. */
  abstract state(): Promise<RemoteState>;
  /** @returns undefined on a miss or a failure */
  abstract get(key: string): Promise<Buffer | undefined>;
  /** Never fails. `ttlMs` is an upper bound. */
  abstract set(key: string, value: Buffer, ttlMs: number): Promise<void>;
  abstract delete(key: string): Promise<void>;
  /**
   * Sets `key` for a while unless it is set already.
   * @returns false if it was set; true also if the store does not answer
   */
  abstract claim(key: string, ttlMs: number): Promise<boolean>;
  /**
   * Runs a command behind the circuit breaker that all commands share, so that an unreachable Redis costs no time.
   * @returns undefined if the breaker is open or the command failed; a failure is counted
   */
  abstract guard<T>(op: string, command: () => Promise<T>): Promise<T | undefined>;
  /**
   * Deletes all keys of this application by SCAN. Meant for operators, not for requests.
   * @returns the number of keys deleted
   */
  abstract clear(): Promise<number>;
}

/** The store when no Redis is configured. */
export class NoRemoteStore extends RemoteStore {
  state(): Promise<RemoteState> {
    return Promise.resolve('none');
  }

  get(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  set(): Promise<void> {
    return Promise.resolve();
  }

  delete(): Promise<void> {
    return Promise.resolve();
  }

  claim(): Promise<boolean> {
    return Promise.resolve(true);
  }

  guard(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  clear(): Promise<number> {
    return Promise.resolve(0);
  }
}

const PREFIX = 'inkwell:';
const FAILURES_TO_OPEN = 5;
const OPEN_MS = 1_000;
/** A larger value takes longer to transfer than to read from the database. */
export const MAX_VALUE_BYTES = 4 * 1024 * 1024;
const SCAN_COUNT = 1_000;

/** L2 in Redis or Valkey. Values are stored as bytes, without a serialiser. */
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
    return (await this.guard('get', () => this.redis.getBuffer(PREFIX + key))) ?? undefined;
  }

  async set(key: string, value: Buffer, ttlMs: number): Promise<void> {
    if (value.length > MAX_VALUE_BYTES || ttlMs < 1) return;
    await this.guard('set', () => this.redis.set(PREFIX + key, value, 'PX', Math.floor(ttlMs)));
  }

  async delete(key: string): Promise<void> {
    await this.guard('delete', () => this.redis.del(PREFIX + key));
  }

  async claim(key: string, ttlMs: number): Promise<boolean> {
    return (await this.guard('claim', () => this.redis.set(PREFIX + key, '', 'PX', ttlMs, 'NX'))) !== null;
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

  guard<T>(op: string, command: () => Promise<T>): Promise<T | undefined> {
    return this.breaker.run(command, () => this.tally.countError(`redis/${op}`));
  }
}
