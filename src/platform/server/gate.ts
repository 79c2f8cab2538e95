import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator } from '../access/authenticator.js';
import { clientNetwork } from '../access/client-network.js';
import { Problem } from '../errors/problem.js';
import { callingFor } from '../http/call-context.js';
import { type QuotaState, rateLimitHeaders } from '../rate-limits/rate-limited.js';
import type { RateLimits } from '../rate-limits/rate-limits.js';
import type { BodyBudget } from './body-budget.js';
import type { RouteRules } from './route-rules.js';
import { letArriveSlowly } from './slow-bodies.js';

class BodyTooLarge extends Problem {
  constructor(limit: number) {
    super({
      code: 'request.too_large',
      detail: `The limit is ${limit} bytes here.`,
    });
  }
}

/**
 * Admits a request before its body is read. The checks are in the order of their cost: the quota of the address,
 * authentication, the quotas of a writing account and of its address, and memory for the body.
 */
export class Gate {
  constructor(
    private readonly limits: RateLimits,
    private readonly authenticator: Authenticator,
    private readonly bodies: BodyBudget,
  ) {}

  watch(server: FastifyInstance): void {
    server.addHook('onRequest', (request, reply, done) => {
      const { rules } = request.routeOptions.config;
      if (rules === undefined || isOpen(rules, request)) return done();
      const { traceparent } = request.headers;
      // Authentication may call another process.
      callingFor({ id: request.id, traceparent }, () => this.admit(rules, request, reply)).then(
        () => done(),
        (error: unknown) => done(error as Error),
      );
    });
  }

  private async admit(rules: RouteRules, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const network = clientNetwork(request.ip);
    for (const policy of rules.limits) show(await this.limits.consume(policy, network), reply);
    await this.authenticator.admit(request, rules.access);
    const { principal } = request;
    // Operators have no account.
    if (rules.isWrite && principal !== undefined) {
      const account = String(principal.userId);
      const quotas = await this.limits.consumeTogether([
        ['write-account', account],
        ['write', network],
      ]);
      for (const quota of quotas) show(quota, reply);
    }
    if (hasBody(request)) this.makeRoom(rules, request, reply);
  }

  private makeRoom(
    { bodyLimit, isStreamed }: RouteRules,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const length = Number(request.headers['content-length'] ?? bodyLimit);
    if (length > bodyLimit) throw new BodyTooLarge(bodyLimit);
    if (isStreamed) return letArriveSlowly(request.raw);
    const release = this.bodies.reserve(length, clientNetwork(request.ip));
    if (release !== undefined) reply.raw.once('close', release);
  }
}

/** Adds the quota to those that the response already shows. */
function show(quota: QuotaState, reply: FastifyReply): void {
  for (const [name, value] of Object.entries(rateLimitHeaders(quota))) {
    const existing = reply.getHeader(name);
    void reply.header(name, existing === undefined ? value : `${String(existing)}, ${value}`);
  }
}

const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

/** True if the route needs no checks and the response shows no quota. */
const isOpen = ({ access, limits }: RouteRules, request: FastifyRequest): boolean =>
  limits.length === 0 &&
  access.role === undefined &&
  access.credentials !== 'cookie' &&
  request.headers.authorization === undefined &&
  !hasBody(request);
