import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { lastValueFrom, map, type Observable, of } from 'rxjs';
import { clientNetwork } from '../access/client-network.js';
import { Problem } from '../errors/problem.js';
import { rateLimitHeaders } from '../rate-limits/rate-limited.js';
import { RateLimits } from '../rate-limits/rate-limits.js';
import { Answer, entityTag, JSON_CONTENT_TYPE, matchesAny, Outcome } from './answer.js';
import { negotiateEncoding } from './cached-answer.js';
import type { CachedRoute, CacheKey } from './cached-route.js';
import { CachedRoutes } from './cached-routes.js';
import './prepared-reply.js';
import {
  CACHE_STATUS,
  HandlerRun,
  NotShareable,
  ResponseCache,
  type ServedAnswer,
} from './response-cache.js';

const BYPASS = 'inkwell; fwd=bypass';

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Answers through the cache for handlers with `@Cached`, and writes every `Answer`. The front door is its shortcut. */
@Injectable()
export class ResponsesInterceptor implements NestInterceptor {
  constructor(
    private readonly cache: ResponseCache,
    private readonly routes: CachedRoutes,
    private readonly limits: RateLimits,
  ) {}

  intercept(
    context: ExecutionContext,
    next: CallHandler,
  ): Observable<unknown> | Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const exchange = { request: http.getRequest<FastifyRequest>(), reply: http.getResponse<FastifyReply>() };
    const route = this.routes.of(context);
    return route === undefined
      ? next.handle().pipe(map((result: unknown) => writeResult(result, exchange)))
      : this.answerCached(route, exchange, () => lastValueFrom<unknown>(next.handle())).then(of);
  }

  private async answerCached(
    route: CachedRoute,
    exchange: Exchange,
    handle: () => Promise<unknown>,
  ): Promise<unknown> {
    const { request, reply } = exchange;
    const cacheKey = route.keyOf(request);
    if (cacheKey === undefined) {
      if (route.isCostly(request)) void reply.headers(await this.countCostly(request));
      return bypass(exchange, handle);
    }
    // A stored answer is the same for every caller, so it does not show the rate limit.
    if (cacheKey.isCostly && !this.cache.has(cacheKey.key)) await this.countCostly(request);
    const already = request.raw.alreadyRead;
    const isRead = already?.key === cacheKey.key;
    const run = isRead ? already.run : new HandlerRun(handle);
    try {
      const served = await (isRead ? already.served : this.cache.read(route, cacheKey, run.start));
      return this.writeCached(route, cacheKey, served, exchange);
    } catch (error) {
      if (!isPrivateToCaller(error, request)) throw error;
      return bypass(exchange, () => (run.hasEnded ? run.result : handle()));
    }
  }

  /** Limits costly reads per client address. @returns headers @throws RateLimited 429 */
  private async countCostly({ ip }: FastifyRequest): Promise<Readonly<Record<string, string>>> {
    return rateLimitHeaders(await this.limits.consume('search', clientNetwork(ip)));
  }

  private writeCached(
    route: CachedRoute,
    cacheKey: CacheKey,
    { answer, source }: ServedAnswer,
    exchange: Exchange,
  ): Buffer | undefined {
    const { request, reply } = exchange;
    const encoding = negotiateEncoding(request.headers['accept-encoding']);
    const representation = answer.in(encoding);
    if (representation.encoding !== encoding) this.cache.compress(cacheKey.key, answer);
    void reply.headers({ age: String(answer.ageSeconds()), 'cache-status': CACHE_STATUS[source] });
    if (representation.encoding !== 'identity')
      void reply.header('content-encoding', representation.encoding);
    reply.prepared = { cacheKey, answer, route };
    const { status, contentType, headers } = answer.content;
    const forCdn = request.principal === undefined ? route.cdnHeadersOf(answer.tags) : {};
    const { etag, body } = representation;
    const matched = answer.matching(request.headers['if-none-match'])?.etag;
    return write({ status, contentType, headers: { ...headers, ...forCdn }, etag, matched, body }, exchange);
  }
}

/** Private answers, and absences that may be one of the caller's drafts, must be made for this caller. */
const isPrivateToCaller = (error: unknown, request: FastifyRequest): boolean =>
  error instanceof NotShareable ||
  (request.principal !== undefined && error instanceof Problem && error.absence !== undefined);

async function bypass(exchange: Exchange, handle: () => unknown): Promise<unknown> {
  void exchange.reply.header('cache-status', BYPASS);
  return writeResult(await handle(), exchange);
}

/** Writes the result of a handler without a cache. */
function writeResult(result: unknown, exchange: Exchange): unknown {
  const value = result instanceof Outcome ? (result as Outcome<unknown>).value : result;
  if (result instanceof Outcome && result.isReplay)
    void exchange.reply.header('idempotency-replayed', 'true');
  if (!(value instanceof Answer)) return value;
  const {
    body,
    status = 200,
    contentType = JSON_CONTENT_TYPE,
    headers = {},
    version,
    isPrivate,
  } = value.parts;
  const etag = entityTag(body, version);
  const isMatched = status === 200 && matchesAny(exchange.request.headers['if-none-match'], etag);
  const matched = isMatched ? etag : undefined;
  return write({ status, contentType, headers, etag, matched, body, isPrivate }, exchange);
}

interface WritableAnswer<Body extends string | Buffer> {
  readonly status: number;
  readonly contentType: string;
  /** Headers of this answer only. Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly etag: string;
  /** The ETag of the representation that the client already has. */
  readonly matched: string | undefined;
  readonly body: Body;
  readonly isPrivate?: boolean | undefined;
}

/** Sets the headers of an answer. @returns its body, or undefined for a 304 */
function write<Body extends string | Buffer>(
  { status, contentType, headers, etag, matched, body, isPrivate }: WritableAnswer<Body>,
  { request, reply }: Exchange,
): Body | undefined {
  const isShared = isPrivate !== true && request.principal === undefined;
  // CORS may have set `Origin` already.
  const vary = reply.getHeader('vary');
  void reply.headers({
    vary: vary === undefined ? 'Accept-Encoding' : `${String(vary)}, Accept-Encoding`,
    ...headers,
    etag,
    'cache-control': isShared ? 'public, no-cache' : 'private, no-store',
  });
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (isRead && matched !== undefined) {
    void reply.status(304).header('etag', matched).removeHeader('content-encoding');
    return undefined;
  }
  void reply.status(status).header('content-type', contentType);
  return body;
}
