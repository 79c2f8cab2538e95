import { jest } from '@jest/globals';
import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { CacheInvalidator } from '../../src/platform/cache/cache-invalidator.js';
import { ResponseCache } from '../../src/platform/responses/response-cache.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { type Inkwell, LONG_LEASE, startInkwell } from '../support/start-inkwell.js';
import { ask, keepingAlive, type WireAnswer } from '../support/wire.js';

/** A request to a cached route. */
export interface Case {
  readonly path: string;
  readonly origin?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
}

/** The source of an answer, and its `Cache-Status`. */
export const WAYS = {
  miss: 'inkwell; fwd=miss; stored',
  memory: 'inkwell; hit',
  'front door': 'inkwell; hit',
  redis: 'inkwell; hit; detail=redis',
  'miss, front door off': 'inkwell; fwd=miss; stored',
  'memory, front door off': 'inkwell; hit',
} as const;
export type Way = keyof typeof WAYS;
export const ways = Object.keys(WAYS) as Way[];

export const ORIGIN = 'https://reader.example';
const ATTEMPTS = 200;

/** Requests that the front door leaves to the router. */
const isAlwaysRouted = ({ origin, headers }: Case): boolean =>
  origin !== undefined || headers?.['authorization'] !== undefined;

/** Two instances on one database: one with every cache and the front door, and one without the front door and Redis. */
export class Ways {
  private constructor(
    readonly inkwell: Inkwell,
    readonly routed: Inkwell,
    private readonly redis: TestRedis,
    private readonly redisClient: Redis,
  ) {}

  static async start(): Promise<Ways> {
    const redis = await startRedis();
    const inkwell = await startInkwell({ ...LONG_LEASE, ALLOWED_ORIGINS: ORIGIN, REDIS_URL: redis.url });
    const routed = await startInkwell(
      { ...LONG_LEASE, ALLOWED_ORIGINS: ORIGIN, REDIS_URL: '', CACHE_FRONT_DOOR: 'false' },
      { databaseUrl: inkwell.databaseUrl },
    );
    return new Ways(inkwell, routed, redis, new Redis(redis.url));
  }

  async close(): Promise<void> {
    await this.routed.close();
    await this.inkwell.close();
    this.redisClient.disconnect();
    this.redis.stop();
  }

  ask(on: Inkwell, { path, origin, headers = {}, method = 'GET' }: Case): Promise<WireAnswer> {
    const sent = { ...headers, ...(origin === undefined ? {} : { origin }) };
    return ask(on, path, sent, method, keepingAlive);
  }

  /** Clears all tiers. */
  async forget(): Promise<void> {
    this.forgetMemory();
    this.routed.app.get(CacheInvalidator).clear();
    await this.redisClient.flushall();
  }

  /** Clears the memory only. A miss stores its answer in Redis a moment after it was sent. */
  async keepInRedisOnly({ path }: Case): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      this.forgetMemory();
      const { headers } = await this.ask(this.inkwell, { path });
      if (headers['cache-status'] === WAYS.redis) break;
      await sleep(5);
    }
    this.forgetMemory();
  }

  /** Repeats the request until the compressed form, which is made in the background, is there. */
  async untilCoded(on: Inkwell, each: Case, coding: string): Promise<WireAnswer> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const answer = await this.ask(on, each);
      if (answer.headers['content-encoding'] === coding) return answer;
      await sleep(1);
    }
    throw new Error(`GET ${each.path} was never answered in ${coding}`);
  }

  /** Prepares this way, and sends the request. */
  async answerBy(way: Way, each: Case): Promise<WireAnswer> {
    const { inkwell, routed } = this;
    if (way === 'front door') return this.answerByFrontDoor(each);
    if (way === 'redis') await this.keepInRedisOnly(each);
    else await this.forget();
    if (way === 'memory') await this.ask(inkwell, { path: each.path });
    if (way === 'memory, front door off') await this.ask(routed, { path: each.path });
    return this.ask(way.endsWith('off') ? routed : inkwell, each);
  }

  private async answerByFrontDoor(each: Case): Promise<WireAnswer> {
    // The first answer fills the cache, and shows the front door its headers.
    for (let i = 0; i < 2; i += 1) await this.ask(this.inkwell, { path: each.path });
    const read = jest.spyOn(this.inkwell.app.get(ResponseCache), 'read');
    const answer = await this.ask(this.inkwell, each);
    const isRouted = read.mock.calls.length > 0;
    read.mockRestore();
    if (isRouted && !isAlwaysRouted(each))
      throw new Error(`GET ${each.path} was not answered by the front door`);
    return answer;
  }

  private forgetMemory(): void {
    this.inkwell.app.get(CacheInvalidator).clear();
  }
}
