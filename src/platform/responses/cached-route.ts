import type { FastifyRequest } from 'fastify';
import type { ZodType } from 'zod';
import type { CacheName } from '../cache/cache-ttl.js';
import type { CdnHeaders } from '../cdn/cdn-headers.js';
import type { CacheDeclaration } from './cached.decorator.js';
import type { HandlerCall, ValidInput } from './handler-call.js';

const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

/**
 * The decoded path of a URL, without origin and query. Spellings that the router treats alike give the same text.
 * @throws URIError if the percent-encoding is broken; the server refuses such requests earlier
 */
export function pathnameOf(url: string): string {
  const local = url.startsWith('/') ? url : url.replace(ORIGIN, '');
  const path = local.split(/[?#]/, 1)[0]!;
  const decoded = path.includes('%') ? decodeURIComponent(path) : path;
  return decoded.startsWith('/') ? decoded : `/${decoded}`;
}

/** Path and query of a URL, or of a path with or without its leading slash. */
export function localUrlOf(text: string): string {
  const local = text.replace(ORIGIN, '').split('#', 1)[0]!;
  return local.startsWith('/') ? local : `/${local}`;
}

/** A TTL is shortened by up to 10 %, so that entries filled together do not expire together. */
const JITTER = 0.1;

/** The cache key of one request to a cached route. */
export interface CacheKey {
  readonly key: string;
  /** The tag of every answer at this path, with any query. Operators purge by it. */
  readonly pathTag: string;
  readonly isTransient: boolean;
  readonly isCostly: boolean;
  readonly input: ValidInput;
}

/** The parts of a request that determine its key. */
export type KeyedRequest = Pick<FastifyRequest, 'params' | 'query' | 'url'>;

/** One handler with `@Cached`. Created at its first request. */
export class CachedRoute {
  readonly cache: CacheName;
  /** Set at the first request if the front door may call the handler itself. */
  call: HandlerCall | undefined;

  constructor(
    /** Such as `PostsController.list`. Keys start with it. */
    readonly name: string,
    readonly declaration: CacheDeclaration<unknown>,
    /** The declared TTL, unless the environment overrides it. */
    readonly ttlMs: number,
    private readonly cdn: CdnHeaders = () => ({}),
  ) {
    this.cache = declaration.cache;
  }

  /** CDN headers of a public answer with these tags; empty unless a CDN is configured. */
  cdnHeadersOf(tags: readonly string[]): Readonly<Record<string, string>> {
    return this.cdn(tags, this.ttlMs);
  }

  /**
   * @returns undefined if the answer is not cached, or if the request is invalid, in which case the handler's own
   * validation answers it
   */
  keyOf(request: KeyedRequest): CacheKey | undefined {
    const judged = this.judge(request);
    return typeof judged === 'string' ? undefined : judged;
  }

  /** The key of a request, or the reason why it has none. */
  judge(request: KeyedRequest): CacheKey | 'invalid' | 'not stored' {
    const params = parse(this.declaration.params, request.params);
    const query = parse(this.declaration.query, request.query);
    if (params === INVALID || query === INVALID) return 'invalid';
    if (this.declaration.isStored?.(query) === false) return 'not stored';
    return {
      pathTag: pathTagOf(request.url),
      key: `${this.name}?${canonical(params)}&${canonical(query)}`,
      isTransient: this.declaration.isTransient?.(query) ?? false,
      isCostly: this.declaration.isCostly?.(query) ?? false,
      input: { params, query },
    };
  }

  /** Is this request without a key costly? An invalid request is not. */
  isCostly({ query }: Pick<KeyedRequest, 'query'>): boolean {
    if (this.declaration.isCostly === undefined) return false;
    const parsed = parse(this.declaration.query, query);
    return parsed !== INVALID && this.declaration.isCostly(parsed);
  }

  /** The TTL of one entry in milliseconds, with jitter. */
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
