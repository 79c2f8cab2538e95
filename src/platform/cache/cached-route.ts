import type { FastifyRequest } from 'fastify';
import type { ZodType } from 'zod';
import type { CdnHeaders } from '../cdn/cdn-headers.js';
import type { CacheDeclaration, CacheName } from './cache-declaration.js';
import type { HandlerCall, ValidInput } from './handler-call.js';
import { pathnameOf } from './pathname-of.js';
import { RouteTally } from './route-tally.js';

/** Longer than the TTL by up to a tenth less, so that what was filled together does not expire together. */
const JITTER = 0.1;

/** What the cache knows of one request to a cached route. */
export interface CacheKey {
  readonly key: string;
  /** Tag of every answer at this path, whatever its query: what an operator purges. */
  readonly pathTag: string;
  readonly isTransient: boolean;
  readonly input: ValidInput;
}

/** What of a request decides its key. */
export type KeyedRequest = Pick<FastifyRequest, 'params' | 'query' | 'url'>;

/** One handler with `@Cached`, looked up once at its first request. */
export class CachedRoute {
  readonly tally = new RouteTally();
  readonly cache: CacheName;
  /** Known from its first request on, if the front door may call the handler itself. */
  call: HandlerCall | undefined;

  constructor(
    /** `PostsController.list`: leads the keys. */
    readonly name: string,
    readonly declaration: CacheDeclaration<unknown>,
    /** As the environment may have overridden it. */
    readonly ttlMs: number,
    private readonly cdn: CdnHeaders = () => ({}),
  ) {
    this.cache = declaration.cache;
  }

  /** Headers of a public answer with these tags, for a CDN, where one is configured. */
  cdnHeadersOf(tags: readonly string[]): Readonly<Record<string, string>> {
    return this.cdn(tags, this.ttlMs);
  }

  /** @returns undefined when the request is not to be cached, or not valid: the handler's own validation answers it */
  keyOf(request: KeyedRequest): CacheKey | undefined {
    const judged = this.judge(request);
    return typeof judged === 'string' ? undefined : judged;
  }

  /** The key of a request, or why it has none. */
  judge(request: KeyedRequest): CacheKey | 'invalid' | 'not stored' {
    const params = parse(this.declaration.params, request.params);
    const query = parse(this.declaration.query, request.query);
    if (params === INVALID || query === INVALID) return 'invalid';
    if (this.declaration.isStored?.(query) === false) return 'not stored';
    return {
      pathTag: pathTagOf(request.url),
      key: `${this.name}?${canonical(params)}&${canonical(query)}`,
      isTransient: this.declaration.isTransient?.(query) ?? false,
      input: { params, query },
    };
  }

  /** The TTL of one entry in milliseconds, jittered. */
  nextTtlMs(): number {
    return this.ttlMs * (1 - JITTER * Math.random());
  }
}

const INVALID = Symbol('not valid');

function parse(schema: ZodType | undefined, value: unknown): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : INVALID;
}

const canonical = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? JSON.stringify(
        Object.entries(value)
          .filter(([, member]) => member !== undefined)
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      )
    : (JSON.stringify(value) ?? '');

export const pathTagOf = (url: string): string => `path:${pathnameOf(url)}`;
