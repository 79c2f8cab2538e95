import type { FastifyInstance, FastifyReply } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { matchesAny } from '../answers/entity-tag.js';
import type { Lifecycle } from '../lifecycle/lifecycle.js';
import { requestId } from '../server/request-id.js';
import type { CacheTally } from './cache-tally.js';
import type { CachedAnswer } from './cached-answer.js';
import { negotiateEncoding } from './negotiate-encoding.js';
import { PreparedHeads } from './prepared-heads.js';
import { type ReadHeaders, readHeaders } from './read-headers.js';
import type { ResponseCache } from './response-cache.js';
import { keepAliveLines, sendPrepared } from './send-prepared.js';

const MAX_URL_LENGTH = 512;
/** Spellings of URLs that led to an entry. */
const MAX_URLS = 20_000;
const MAX_URLS_BYTES = 10 * 1024 * 1024;
/** Slots of a URL beside its characters. */
const URL_BYTES = 200;

/**
 * Answers hits before Fastify's router: for a URL that has led to a live entry, it writes that entry's prepared headers
 * and bytes. It decides nothing that the interceptor does not: with it switched off the answers are the same.
 */
export class FrontDoor {
  private readonly keyOfUrl = new LRUCache<string, string>({
    max: MAX_URLS,
    maxSize: MAX_URLS_BYTES,
    sizeCalculation: (key, url) => URL_BYTES + url.length + 2 * key.length,
  });
  /** Ends every head. */
  private keepAlive = '';

  constructor(
    private readonly cache: ResponseCache,
    private readonly tally: CacheTally,
    private readonly lifecycle: Lifecycle,
  ) {}

  /** Learns the headers of routed answers as they leave. Must be called before the routes are registered. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onSend', (request, reply, _payload, done) => {
      if (reply.prepared !== undefined)
        this.learn(request.raw.url ?? '', request.routeOptions.url ?? '', reply);
      done();
    });
  }

  /** Puts itself before the router. */
  stepBefore(server: Server): void {
    const routed = server.listeners('request') as RequestListener[];
    this.keepAlive = keepAliveLines(server);
    server.removeAllListeners('request');
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (this.answer(request, response)) return;
      for (const listener of routed) listener.call(server, request, response as never);
    });
  }

  private learn(url: string, template: string, reply: FastifyReply): void {
    const { request } = reply;
    const isPublic = request.principal === undefined && request.headers.origin === undefined;
    if (!isPublic || reply.mustBeRouted === true || reply.statusCode === 304) return;
    if (url.length > MAX_URL_LENGTH || this.lifecycle.isDraining) return;
    const { key, answer, route } = reply.prepared!;
    route.tally.template = template;
    answer.heads ??= new PreparedHeads(answer, reply.getHeaders(), {
      route: route.tally,
      cache: this.tally.of(route.cache),
    });
    this.keyOfUrl.set(url, key);
  }

  /** @returns false when the router has to answer */
  private answer(request: IncomingMessage, response: ServerResponse): boolean {
    const { method, url } = request;
    if (method !== 'GET' && method !== 'HEAD') return false;
    // Heads are prepared for connections that stay open.
    if (!response.shouldKeepAlive || request.httpVersion !== '1.1') return false;
    const key = this.keyOfUrl.get(url!);
    if (key === undefined || this.lifecycle.isDraining) return false;
    const startedAt = performance.now();
    const answer = this.cache.peek(key);
    if (answer?.heads === undefined) return false;
    const headers = readHeaders(request.rawHeaders);
    if (headers.isRouted) return false;
    const isNotModified = this.write(response, key, answer, headers);
    const { counts } = answer.heads;
    counts.cache.hits.memory += 1;
    counts.route[method].count(isNotModified, (performance.now() - startedAt) / 1000);
    return true;
  }

  /** @returns whether the client had it already */
  private write(response: ServerResponse, key: string, answer: CachedAnswer, headers: ReadHeaders): boolean {
    const encoding = negotiateEncoding(headers.acceptEncoding);
    const representation = answer.in(encoding);
    if (representation.encoding !== encoding) this.cache.compress(key, answer);
    const { status } = answer.content;
    const { ifNoneMatch } = headers;
    const isConditional = ifNoneMatch !== undefined && status === 200;
    const matched = isConditional
      ? answer.representations.find(({ etag }) => matchesAny(ifNoneMatch, etag))
      : undefined;
    const heads = answer.heads!.of(matched ?? representation);
    const prepared = matched === undefined ? heads.full : heads.notModified;
    response.statusCode = prepared.status;
    const head = prepared.with(requestId(headers.requestId), answer.ageSeconds());
    sendPrepared(response, { head, end: this.keepAlive, body: prepared.body });
    return matched !== undefined;
  }
}
