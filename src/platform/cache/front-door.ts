import type { FastifyInstance, FastifyReply } from 'fastify';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { matchesAny } from '../answers/entity-tag.js';
import { callingFor } from '../http/call-context.js';
import type { Lifecycle } from '../lifecycle/lifecycle.js';
import type { ReadAnswer } from '../logs/log-requests.js';
import { requestId } from '../server/request-id.js';
import { CACHE_STATUS } from './cache-status.js';
import type { CacheTally } from './cache-tally.js';
import type { CachedAnswer } from './cached-answer.js';
import { type Door, Doors } from './doors.js';
import type { HandlerCall } from './handler-call.js';
import { negotiateEncoding } from './negotiate-encoding.js';
import { PreparedHeads } from './prepared-heads.js';
import { type ReadHeaders, readHeaders } from './read-headers.js';
import type { ResponseCache } from './response-cache.js';
import { keepAliveLines, sendPrepared } from './send-prepared.js';
import type { Source } from './tiered-cache.js';

/** A request that the front door may answer, as far as it has been read. */
interface Visit {
  readonly door: Door;
  readonly method: 'GET' | 'HEAD';
  readonly headers: ReadHeaders;
  readonly response: ServerResponse;
  readonly startedAt: number;
}

/**
 * Answers before Fastify's router: for a URL that has led to an answer, it writes prepared headers and bytes. What memory
 * has not, it reads as the interceptor would, from Redis or by calling the handler. Failures and private answers are
 * written by the router. It decides nothing that the interceptor does not: with it switched off the answers are the same.
 */
export class FrontDoor {
  private readonly doors: Doors;
  /** Ends every head. */
  private keepAlive = '';
  private observe: (answer: ReadAnswer) => void = () => undefined;

  constructor(
    private readonly cache: ResponseCache,
    tally: CacheTally,
    private readonly lifecycle: Lifecycle,
  ) {
    this.doors = new Doors(tally);
  }

  /**
   * Learns from routed answers as they leave. Must be called before the routes are registered.
   * @param observe told of each answer that was not ready in memory
   */
  watch(fastify: FastifyInstance, observe: (answer: ReadAnswer) => void): void {
    this.observe = observe;
    fastify.addHook('onSend', (request, reply, _payload, done) => {
      if (reply.prepared !== undefined)
        this.learn(request.raw.url ?? '', request.routeOptions.url ?? '', reply);
      done();
    });
  }

  /** Puts itself before the router. */
  stepBefore(server: Server): void {
    const listeners = server.listeners('request') as RequestListener[];
    const pass = (request: IncomingMessage, response: ServerResponse): void => {
      for (const listener of listeners) listener.call(server, request, response as never);
    };
    this.keepAlive = keepAliveLines(server);
    server.removeAllListeners('request');
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const visit = this.visitOf(request, response);
      if (visit === undefined) return pass(request, response);
      const answer = this.cache.peek(visit.door.cacheKey.key);
      if (answer !== undefined) return this.answerFromMemory(visit, answer);
      const { call } = visit.door.known.route;
      if (call === undefined) return pass(request, response);
      void this.read(visit, call, request).then((isAnswered) => isAnswered || pass(request, response));
    });
  }

  private learn(url: string, template: string, reply: FastifyReply): void {
    const { request } = reply;
    const isPublic = request.principal === undefined && request.headers.origin === undefined;
    if (!isPublic || reply.mustBeRouted === true || reply.statusCode === 304) return;
    if (!this.lifecycle.isDraining) this.doors.learn(url, template, reply);
  }

  /** @returns undefined when the router has to answer */
  private visitOf(request: IncomingMessage, response: ServerResponse): Visit | undefined {
    const { method, url } = request;
    if (method !== 'GET' && method !== 'HEAD') return undefined;
    // Heads are prepared for connections that stay open.
    if (!response.shouldKeepAlive || request.httpVersion !== '1.1') return undefined;
    const door = this.doors.find(url!);
    if (door === undefined || this.lifecycle.isDraining) return undefined;
    const startedAt = performance.now();
    const headers = readHeaders(request.rawHeaders);
    return headers.isRouted ? undefined : { door, method, headers, response, startedAt };
  }

  private answerFromMemory(visit: Visit, answer: CachedAnswer): void {
    visit.door.known.counts.hits.memory += 1;
    const id = requestId(visit.headers.requestId);
    this.count(visit, this.write(visit, answer, { id, source: 'memory' }));
  }

  /** Reads as the interceptor would. @returns false when the router has to write what came of it */
  private async read(visit: Visit, call: HandlerCall, request: IncomingMessage): Promise<boolean> {
    const { cacheKey, known } = visit.door;
    const id = requestId(visit.headers.requestId);
    const { traceparent } = request.headers;
    const served = callingFor({ id, traceparent }, () =>
      this.cache.read(known.route, cacheKey, () => call(cacheKey.input)),
    );
    const found = await served.catch(() => undefined);
    if (found === undefined || this.lifecycle.isDraining) {
      request.alreadyRead = { key: cacheKey.key, requestId: id, served };
      return false;
    }
    const seconds = this.count(visit, this.write(visit, found.answer, { id, source: found.source }));
    const route = known.route.tally.template;
    const { statusCode: status } = visit.response;
    this.observe({ id, traceparent, method: visit.method, route, status, seconds });
    return true;
  }

  /** @returns seconds from the arrival of the request */
  private count({ door, method, startedAt }: Visit, isNotModified: boolean): number {
    const seconds = (performance.now() - startedAt) / 1000;
    door.known.route.tally[method].count(isNotModified, seconds);
    return seconds;
  }

  /** @returns whether the client had it already */
  private write(
    { door, headers, response }: Visit,
    answer: CachedAnswer,
    { id, source }: { readonly id: string; readonly source: Source },
  ): boolean {
    const encoding = negotiateEncoding(headers.acceptEncoding);
    const representation = answer.in(encoding);
    if (representation.encoding !== encoding) this.cache.compress(door.cacheKey.key, answer);
    const { ifNoneMatch } = headers;
    const matched =
      ifNoneMatch !== undefined && answer.content.status === 200
        ? answer.representations.find(({ etag }) => matchesAny(ifNoneMatch, etag))
        : undefined;
    answer.heads ??= new PreparedHeads(
      answer,
      door.known.headerLines,
      door.known.route.cdnHeadersOf(answer.tags),
    );
    const heads = answer.heads.of(matched ?? representation);
    const prepared = matched === undefined ? heads.full : heads.notModified;
    const head = prepared.with({
      requestId: id,
      ageSeconds: answer.ageSeconds(),
      cacheStatus: CACHE_STATUS[source],
    });
    response.statusCode = prepared.status;
    sendPrepared(response, { head, end: this.keepAlive, body: prepared.body });
    return matched !== undefined;
  }
}
