import { Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { CacheCounts, CacheTally } from './cache-tally.js';
import type { CachedRoute, CacheKey } from './cached-route.js';
import { commonLines } from './prepared-heads.js';

const MAX_URL_LENGTH = 512;
/** Spellings of URLs that led to an entry. */
const MAX_URLS = 20_000;
const MAX_URLS_BYTES = 10 * 1024 * 1024;
/** What a URL takes beside its characters: its key, and the valid input it holds. Measured (test/cache/memory.test.ts). */
const URL_BYTES = 320;

/** A route of which an answer has gone through the router. */
export interface KnownRoute {
  readonly route: CachedRoute;
  /** Of all its answers. */
  readonly headerLines: string;
  readonly counts: CacheCounts;
  /** False once an answer had other headers: then only the router knows them. */
  isUniform: boolean;
}

/** Where a URL leads. */
export interface Door {
  readonly cacheKey: CacheKey;
  readonly known: KnownRoute;
}

/** Which URLs lead to which entries, and the headers that the answers of a route have in common. */
export class Doors {
  private readonly logger = new Logger('FrontDoor');
  private readonly routes = new Map<CachedRoute, KnownRoute>();
  private readonly byUrl = new LRUCache<string, Door>({
    max: MAX_URLS,
    maxSize: MAX_URLS_BYTES,
    sizeCalculation: ({ cacheKey: { key, pathTag } }, url) =>
      URL_BYTES + url.length + 2 * key.length + pathTag.length,
  });

  constructor(private readonly tally: CacheTally) {}

  find(url: string): Door | undefined {
    const door = this.byUrl.get(url);
    return door?.known.isUniform === true ? door : undefined;
  }

  /** @param reply a public answer, with all its headers, made from a cached entry */
  learn(url: string, template: string, reply: FastifyReply): void {
    if (url.length > MAX_URL_LENGTH || reply.prepared === undefined) return;
    const { cacheKey, answer, route } = reply.prepared;
    if (this.byUrl.get(url)?.cacheKey.key === cacheKey.key) return;
    const lines = commonLines(reply.getHeaders(), {
      ...answer.content.headers,
      ...route.cdnHeadersOf(answer.tags),
    });
    const known = this.routes.get(route) ?? this.meet(route, template, lines);
    if (known.isUniform && lines !== known.headerLines) {
      known.isUniform = false;
      this.logger.warn(
        `Answers of ${route.name} differ in headers that their entries do not carry: the router answers them all`,
      );
    }
    // Pieces of a URL would keep alive all that they were cut from.
    this.byUrl.set(url, { cacheKey: structuredClone(cacheKey), known });
  }

  private meet(route: CachedRoute, template: string, headerLines: string): KnownRoute {
    const known = { route, headerLines, counts: this.tally.of(route.cache), isUniform: true };
    route.tally.template = template;
    this.routes.set(route, known);
    return known;
  }
}
