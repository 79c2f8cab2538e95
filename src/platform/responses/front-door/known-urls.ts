import { Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { CacheCounts, CacheTally } from '../../cache/cache-tally.js';
import { DURATION_BUCKETS_SECONDS } from '../../metrics/http-metrics.js';
import type { CachedRoute, CacheKey } from '../cached-route.js';
import { commonLines } from '../wire.js';

const MAX_URL_LENGTH = 512;
/** The maximum number of URL spellings remembered. */
const MAX_URLS = 20_000;
const MAX_URLS_BYTES = 10 * 1024 * 1024;
/** Memory of a URL besides its characters: its key, and the valid input. Measured (test/cache/memory.test.ts). */
const URL_BYTES = 320;

/** Answers to one method. Plain numbers, because counting must cost next to nothing. */
export class AnswerCounts {
  readonly byStatus = new Map<number, number>();
  seconds = 0;
  /** Answers by the first bound that they did not exceed. The last place is for slower answers. */
  readonly buckets = new Float64Array(DURATION_BUCKETS_SECONDS.length + 1);

  count(status: number, seconds: number): void {
    this.byStatus.set(status, (this.byStatus.get(status) ?? 0) + 1);
    this.seconds += seconds;
    let bucket = 0;
    while (bucket < DURATION_BUCKETS_SECONDS.length && seconds > DURATION_BUCKETS_SECONDS[bucket]!)
      bucket += 1;
    this.buckets[bucket]! += 1;
  }

  get total(): number {
    return [...this.byStatus.values()].reduce((sum, count) => sum + count, 0);
  }
}

/** A route that has answered through the router at least once. */
export interface KnownRoute {
  readonly route: CachedRoute;
  /** Such as `/blog/api/posts/:id`. */
  readonly template: string;
  /** The headers that all answers of the route have in common. */
  readonly headerLines: string;
  readonly counts: CacheCounts;
  /** Counts of the front door's answers, for Prometheus. */
  readonly answers: { readonly GET: AnswerCounts; readonly HEAD: AnswerCounts };
  /** False once an answer had other headers. From then on, only the router answers. */
  isUniform: boolean;
}

export interface KnownUrl {
  readonly cacheKey: CacheKey;
  readonly known: KnownRoute;
}

/** Maps URLs to entries, and holds the headers that the answers of a route have in common. */
export class KnownUrls {
  private readonly logger = new Logger('FrontDoor');
  private readonly byRoute = new Map<CachedRoute, KnownRoute>();
  private readonly byUrl = new LRUCache<string, KnownUrl>({
    max: MAX_URLS,
    maxSize: MAX_URLS_BYTES,
    sizeCalculation: ({ cacheKey: { key, pathTag } }, url) =>
      URL_BYTES + url.length + 2 * key.length + pathTag.length,
  });

  constructor(private readonly tally: CacheTally) {}

  get routes(): Iterable<KnownRoute> {
    return this.byRoute.values();
  }

  find(url: string): KnownUrl | undefined {
    const found = this.byUrl.get(url);
    return found?.known.isUniform === true ? found : undefined;
  }

  /** @param reply a public answer from a cached entry, with all its headers */
  learn(url: string, template: string, reply: FastifyReply): void {
    if (url.length > MAX_URL_LENGTH || reply.prepared === undefined) return;
    const { cacheKey, answer, route } = reply.prepared;
    if (this.byUrl.get(url)?.cacheKey.key === cacheKey.key) return;
    const lines = commonLines(reply.getHeaders(), {
      ...answer.content.headers,
      ...route.cdnHeadersOf(answer.tags),
    });
    const known = this.byRoute.get(route) ?? this.add(route, template, lines);
    if (known.isUniform && lines !== known.headerLines) {
      known.isUniform = false;
      this.logger.warn(
        `Answers of ${route.name} differ in headers that their entries do not contain: the router answers all of them`,
      );
    }
    // A substring would keep the whole string alive.
    this.byUrl.set(url, { cacheKey: structuredClone(cacheKey), known });
  }

  private add(route: CachedRoute, template: string, headerLines: string): KnownRoute {
    const counts = this.tally.of(route.cache);
    const answers = { GET: new AnswerCounts(), HEAD: new AnswerCounts() };
    const known = { route, template, headerLines, counts, answers, isUniform: true };
    this.byRoute.set(route, known);
    return known;
  }
}
