import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { RequestAdmission } from '../../admission/request-admission.js';
import type { CacheTally } from '../../cache/cache-tally.js';
import type { Source } from '../../cache/tiers.js';
import { callingFor } from '../../http/call-context.js';
import type { Lifecycle } from '../../lifecycle/lifecycle.js';
import type { ReadAnswer } from '../../logs/log-requests.js';
import { requestId } from '../../logs/request-id.js';
import { CachedAnswer, negotiateEncoding } from '../cached-answer.js';
import type { HandlerCall } from '../handler-call.js';
import { CACHE_STATUS, HandlerRun, type ResponseCache } from '../response-cache.js';
import { keepAliveLines, PreparedHeads, type ReadHeaders, readHeaders, sendPrepared } from '../wire.js';
import { type KnownRoute, type KnownUrl, KnownUrls } from './known-urls.js';

/** A request for a known URL that has not reached the router. */
interface KnownRequest {
  readonly url: KnownUrl;
  readonly method: 'GET' | 'HEAD';
  readonly headers: ReadHeaders;
  readonly response: ServerResponse;
  readonly startedAt: number;
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

interface Options {
  /** If false, every request goes through the router. */
  readonly isOpen: boolean;
  /** Called for each answer that was not ready in memory. */
  readonly observe: (answer: ReadAnswer) => void;
}

/**
 * Answers requests before Fastify's router. For a URL that has led to an answer before, it writes prepared headers and
 * bytes. If the answer is not in memory, it reads Redis or calls the handler. The router still writes failures and
 * private answers. Without the front door, the answers are the same, but slower. KnownUrls decides which routes it serves.
 */
export class FrontDoor {
  private readonly logger = new Logger('FrontDoor');
  private readonly urls: KnownUrls;
  private isOpen = false;
  /** The end of every head. */
  private keepAlive = '';
  private observe: Options['observe'] = () => undefined;

  constructor(
    private readonly cache: ResponseCache,
    tally: CacheTally,
    private readonly lifecycle: Lifecycle,
    private readonly admission: RequestAdmission,
  ) {
    this.urls = new KnownUrls(tally);
  }

  /** The routes whose answers it has learned. */
  get routes(): Iterable<KnownRoute> {
    return this.urls.routes;
  }

  /**
   * Takes its place before the router, and learns from the router's answers. Call it before the routes are registered.
   */
  stepBefore(fastify: FastifyInstance, { isOpen, observe }: Options): void {
    this.isOpen = isOpen;
    this.observe = observe;
    fastify.addHook('onSend', (request, reply, _payload, done) => {
      if (reply.prepared !== undefined)
        this.learn(request.raw.url ?? '', request.routeOptions.url ?? '', reply);
      done();
    });
    const { server } = fastify;
    const router = routerOf(server);
    this.keepAlive = keepAliveLines(server);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      // Without a socket, earlier requests of the connection are still being answered.
      if (response.socket === null)
        this.admission.pipelined.wait(request, response, () => this.answer(request, response, router));
      else this.answer(request, response, router);
    });
  }

  private answer(request: IncomingMessage, response: ServerResponse, router: Listener): void {
    const known = this.knownRequest(request, response);
    const entry = known === undefined ? undefined : this.cache.tiered.peek(known.url.cacheKey.key);
    const answer = entry instanceof CachedAnswer ? entry : undefined;
    if (known !== undefined && answer !== undefined && this.answerFromMemory(known, answer)) return;
    this.admission.enter(request, response, () => {
      // If an answer in memory could not be written, the router takes over.
      const call = answer === undefined ? known?.url.known.route.call : undefined;
      // Only the router limits requests per client address.
      if (known === undefined || call === undefined || known.url.cacheKey.isCostly)
        return router(request, response);
      this.read(known, call, request)
        .catch((error: unknown) => this.hasBegun(response, request.alreadyRead?.requestId, error))
        .then((isAnswered) => isAnswered || router(request, response))
        .catch((error: unknown) => this.abandon(response, error));
    });
  }

  private learn(url: string, template: string, reply: FastifyReply): void {
    const { request } = reply;
    const isPublic = request.principal === undefined && request.headers.origin === undefined;
    if (!isPublic || reply.mustBeRouted === true || reply.statusCode === 304) return;
    if (this.isOpen && !this.lifecycle.isDraining) this.urls.learn(url, template, reply);
  }

  /** @returns undefined if the router has to answer */
  private knownRequest(request: IncomingMessage, response: ServerResponse): KnownRequest | undefined {
    const { method } = request;
    if (method !== 'GET' && method !== 'HEAD') return undefined;
    // The prepared heads are for connections that stay open.
    if (!response.shouldKeepAlive || request.httpVersion !== '1.1') return undefined;
    const url = this.urls.find(request.url!);
    if (url === undefined || this.lifecycle.isDraining) return undefined;
    const startedAt = performance.now();
    const headers = readHeaders(request.rawHeaders);
    return headers.isRouted ? undefined : { url, method, headers, response, startedAt };
  }

  /** @returns false if the router has to answer */
  private answerFromMemory(known: KnownRequest, answer: CachedAnswer): boolean {
    const id = requestId(known.headers.requestId);
    try {
      this.write(known, answer, { id, source: 'memory' });
    } catch (error) {
      return this.hasBegun(known.response, id, error);
    }
    known.url.known.counts.hits.memory += 1;
    this.count(known);
    return true;
  }

  /** Reads as the interceptor would. @returns false if the router has to write the result */
  private async read(known: KnownRequest, call: HandlerCall, request: IncomingMessage): Promise<boolean> {
    const { cacheKey, known: to } = known.url;
    const id = requestId(known.headers.requestId);
    const { traceparent } = request.headers;
    const run = new HandlerRun(() => call(cacheKey.input));
    const served = callingFor({ id, traceparent }, () => this.cache.read(to.route, cacheKey, run.start));
    request.alreadyRead = { key: cacheKey.key, requestId: id, served, run };
    const found = await served.catch(() => undefined);
    if (found === undefined || this.lifecycle.isDraining) return false;
    this.write(known, found.answer, { id, source: found.source });
    const seconds = this.count(known);
    const { statusCode: status } = known.response;
    this.observe({ id, traceparent, method: known.method, route: to.template, status, seconds });
    return true;
  }

  /** Handles a failed write. @returns true if part of the answer was sent, so that the router cannot answer any more */
  private hasBegun(response: ServerResponse, id: string | undefined, error: unknown): boolean {
    this.logger.error({ message: `An answer could not be written: ${String(error)}`, request_id: id, error });
    if (response.headersSent && !response.writableEnded) response.destroy();
    return response.headersSent;
  }

  /** Closes the connection after an error in the router, which must not end the process. */
  private abandon(response: ServerResponse, error: unknown): void {
    this.logger.error({ message: `A request could not be answered: ${String(error)}`, error });
    response.destroy();
  }

  /** @returns seconds since the request arrived */
  private count({ url, method, startedAt, response }: KnownRequest): number {
    const seconds = (performance.now() - startedAt) / 1000;
    url.known.answers[method].count(response.statusCode, seconds);
    return seconds;
  }

  private write(
    { url: { cacheKey, known }, headers, response }: KnownRequest,
    answer: CachedAnswer,
    { id, source }: { readonly id: string; readonly source: Source },
  ): void {
    const encoding = negotiateEncoding(headers.acceptEncoding);
    const representation = answer.in(encoding);
    if (representation.encoding !== encoding && answer.isCompressible)
      this.cache.compress(cacheKey.key, answer);
    const matched = headers.ifNoneMatch === undefined ? undefined : answer.matching(headers.ifNoneMatch);
    answer.heads ??= new PreparedHeads(answer, known.headerLines, known.route.cdnHeadersOf(answer.tags));
    const heads = answer.heads.of(matched ?? representation);
    const prepared = matched === undefined ? heads.full : heads.notModified;
    const head = prepared.with({
      requestId: id,
      ageSeconds: answer.ageSeconds(),
      cacheStatus: CACHE_STATUS[source],
    });
    response.statusCode = prepared.status;
    sendPrepared(response, { head, end: this.keepAlive, body: prepared.body });
  }
}

/** Removes Fastify's request listeners from the server. @returns a function that calls them */
function routerOf(server: Server): Listener {
  const listeners = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  return (request, response) => {
    for (const listener of listeners) listener.call(server, request, response as never);
  };
}
