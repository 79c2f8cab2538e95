import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { lastValueFrom, type Observable, of } from 'rxjs';
import { writeAnswer } from '../answers/write-answer.js';
import { Problem } from '../errors/problem.js';
import { CACHE_STATUS } from './cache-status.js';
import type { CachedRoute, CacheKey } from './cached-route.js';
import { CachedRoutes } from './cached-routes.js';
import { negotiateEncoding } from './negotiate-encoding.js';
import './prepared-reply.js';
import { NotShareable, ResponseCache, type ServedAnswer } from './response-cache.js';

const BYPASS = 'inkwell; fwd=bypass';

/** Private answers, and absences that a draft of the caller may fill, are made for the caller alone. */
const isForTheCallerAlone = (error: unknown, request: FastifyRequest): boolean =>
  error instanceof NotShareable ||
  (request.principal !== undefined && error instanceof Problem && error.absence !== undefined);

/** The mechanism behind `@Cached`; the front door is its shortcut. */
@Injectable()
export class ResponseCacheInterceptor implements NestInterceptor {
  constructor(
    private readonly cache: ResponseCache,
    private readonly routes: CachedRoutes,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const route = this.routes.of(context);
    const cacheKey = route.keyOf(request);
    if (cacheKey === undefined) return this.bypass(reply, next);
    try {
      const already = request.raw.alreadyRead;
      const served =
        already?.key === cacheKey.key
          ? await already.served
          : await this.cache.read(route, cacheKey, () => lastValueFrom<unknown>(next.handle()));
      return of(this.write(route, cacheKey, served, { request, reply }));
    } catch (error) {
      if (!isForTheCallerAlone(error, request)) throw error;
      return this.bypass(reply, next);
    }
  }

  private bypass(reply: FastifyReply, next: CallHandler): Observable<unknown> {
    void reply.header('cache-status', BYPASS);
    return next.handle();
  }

  private write(
    route: CachedRoute,
    cacheKey: CacheKey,
    { answer, source }: ServedAnswer,
    { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  ): Buffer | undefined {
    const encoding = negotiateEncoding(request.headers['accept-encoding']);
    const representation = answer.in(encoding);
    if (representation.encoding !== encoding) this.cache.compress(cacheKey.key, answer);
    const { status, contentType, headers } = answer.content;
    const forCdn = request.principal === undefined ? route.cdnHeadersOf(answer.tags) : {};
    void reply.headers({ age: String(answer.ageSeconds()), 'cache-status': CACHE_STATUS[source] });
    if (representation.encoding !== 'identity')
      void reply.header('content-encoding', representation.encoding);
    reply.prepared = { cacheKey, answer, route };
    const etags = answer.representations.map(({ etag }) => etag);
    return writeAnswer(request, reply, {
      status,
      contentType,
      headers: { ...headers, ...forCdn },
      etag: representation.etag,
      etags,
      body: representation.body,
    });
  }
}
