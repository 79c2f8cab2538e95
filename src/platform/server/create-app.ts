import { type DynamicModule, StandardSchemaValidationPipe } from '@nestjs/common';
import { ModulesContainer, NestFactory, Reflector } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Config } from '../../config.js';
import { Authenticator } from '../access/authenticator.js';
import { ConnectionLimits } from '../admission/connection-limits.js';
import { UnreadAnswers } from '../admission/unread-answers.js';
import { StorageWatch } from '../database/storage-watch.js';
import { toProblem } from '../errors/to-problem.js';
import { passOnCallHeaders } from '../http/call-context.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { logReadAnswer, logRequests } from '../logs/log-requests.js';
import { createLog, type Log } from '../logs/log.js';
import { NestLog } from '../logs/nest-log.js';
import { requestId } from '../logs/request-id.js';
import { shownAddress } from '../logs/shown-address.js';
import { serveApiDocument } from '../openapi/serve-api-document.js';
import { RateLimits } from '../rate-limits/rate-limits.js';
import { CachedRoutes } from '../responses/cached-routes.js';
import { FrontDoor } from '../responses/front-door/front-door.js';
import '../responses/prepared-reply.js';
import { ResponsesInterceptor } from '../responses/responses.interceptor.js';
import { AllowedMethods } from './allowed-methods.js';
import { BodyBudget } from './body-budget.js';
import { DEFAULT_BODY_LIMIT } from './body-limit.js';
import { answerClientError } from './client-errors.js';
import { DeclaredQueryGuard } from './declared-query.guard.js';
import { registerFormBody } from './form-body.js';
import { Gate } from './gate.js';
import { registerJsonBody } from './json-body.js';
import { ProblemFilter } from './problem.filter.js';
import { assertUrlText, originForm } from './request-url.js';
import { isByCookie, RouteRulesTable } from './route-rules.js';
import { noSuchRoute } from './routing-problems.js';
import { sendProblem } from './send-problem.js';
import { validationFailed } from './validation-failed.js';

/**
 * Disconnects slow clients. `requestTimeout` alone does not; Node only checks it every `connectionsCheckingInterval`.
 */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 15_000;
const MAX_HEADER_BYTES = 16 * 1024;

/**
 * The Content-Security-Policy of the blog: its own style sheet, no script. Posts may show media from anywhere, and a
 * private network may serve the blog over plain HTTP. The Studio and /docs have policies of their own.
 */
const PAGE_POLICY = {
  'default-src': ["'none'"],
  'script-src': ["'none'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'https:', 'http:'],
  'media-src': ["'self'", 'https:', 'http:'],
  'form-action': ["'self'"],
  'base-uri': ["'none'"],
  'frame-ancestors': ["'none'"],
};

/** Runs on every request, except those that the router rejects. The adapter's answer to these is replaced below. */
type SecurityHook = (request: FastifyRequest, response: FastifyReply['raw']) => unknown;
const securityHookOf = (adapter: FastifyAdapter): SecurityHook | undefined =>
  (adapter as unknown as { readonly securityHook?: SecurityHook }).securityHook;

function adapterFor(config: Config): FastifyAdapter {
  const adapter: FastifyAdapter = new FastifyAdapter({
    requestTimeout: REQUEST_TIMEOUT_MS,
    bodyLimit: DEFAULT_BODY_LIMIT,
    // Longer than the timeout of load balancers, so that they close first.
    keepAliveTimeout: 72_000,
    return503OnClosing: false,
    forceCloseConnections: false,
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    requestIdHeader: false,
    rewriteUrl: ({ url = '/' }) => originForm(url),
    genReqId: (request: IncomingMessage) =>
      request.alreadyRead?.requestId ?? requestId(request.headers['x-request-id']),
    clientErrorHandler: (error, socket) => answerClientError(error, socket),
    // For requests that Fastify's router rejects before any hook, for example because of broken percent-encoding.
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      securityHookOf(adapter)?.(request, reply.raw);
      sendProblem(toProblem(error), request, reply);
    },
    routerOptions: { maxParamLength: 500 },
    http: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
  });
  return adapter;
}

function registerHooks(server: FastifyInstance, lifecycle: Lifecycle, allowedMethods: AllowedMethods): void {
  server.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    if (lifecycle.isDraining) void reply.header('connection', 'close');
    assertUrlText(request.url);
    // The body of such a request is not read. A GET may still ask for a former address of a post, which a later hook
    // knows.
    if (request.is404 && request.method !== 'GET' && request.method !== 'HEAD')
      throw noSuchRoute(request, allowedMethods);
    done();
  });
  server.addHook('onSend', (request, reply, _payload, done) => {
    // CORS answers a preflight before the hook above.
    if (request.method === 'OPTIONS') void reply.header('x-request-id', request.id);
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    done();
  });
}

/** Registers the checks that a request must pass before its body is read. */
function keepGate(server: FastifyInstance, app: NestFastifyApplication): void {
  new RouteRulesTable(app.get(ModulesContainer), app.get(Reflector)).watch(server);
  const limits = app.get(RateLimits, { strict: false });
  const authenticator = app.get<Authenticator>(Authenticator, { strict: false });
  new Gate(limits, authenticator, new BodyBudget()).watch(server);
}

/** Builds the whole application on Fastify, ready to listen. @param module the composition root */
export async function createApp(
  module: DynamicModule,
  config: Config,
  log: Log = createLog(config),
): Promise<NestFastifyApplication> {
  const adapter = adapterFor(config);
  const allowedMethods = new AllowedMethods();
  allowedMethods.watch(adapter.getInstance());
  const app: NestFastifyApplication = await NestFactory.create(module, adapter, {
    logger: new NestLog(log),
    bodyParser: false,
    abortOnError: false,
  });
  const server = adapter.getInstance<FastifyInstance>();
  app.get(ConnectionLimits).watch(server.server);
  app.get(UnreadAnswers).watch(server.server);
  registerJsonBody(server);
  registerFormBody(server);
  server.decorate('shownAddress', (ip: string) => shownAddress(ip, config.logClientAddress));
  registerHooks(server, app.get(Lifecycle), allowedMethods);
  keepGate(server, app);
  passOnCallHeaders(server);
  logRequests(server, log, app.get(Lifecycle));
  app.get(FrontDoor).stepBefore(server, {
    isOpen: config.cacheFrontDoor,
    observe: (answer) => logReadAnswer(log, answer),
  });
  app.get(CachedRoutes).watch(server);
  app.useGlobalGuards(new DeclaredQueryGuard());
  app.useGlobalFilters(new ProblemFilter(allowedMethods, app.get(StorageWatch)));
  app.useGlobalInterceptors(app.get(ResponsesInterceptor));
  app.useGlobalPipes(new StandardSchemaValidationPipe({ exceptionFactory: validationFailed }));
  app.useSecurityHeaders({
    contentSecurityPolicy: { useDefaults: false, directives: PAGE_POLICY },
  });
  app.enableCsrfProtection({
    // A proxy may pass on another Host.
    trustedOrigins: config.publicUrl === undefined ? [] : [new URL(config.publicUrl).origin],
    // Nothing else reads a cookie, so other sites may call it.
    exclude: (request: FastifyRequest) => !isByCookie(request),
  });
  if (config.allowedOrigins.length > 0) {
    app.enableCors({
      origin: [...config.allowedOrigins],
      // An OPTIONS request that is no preflight also gets an answer, rather than an error in plain text.
      strictPreflight: false,
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposedHeaders: [
        'ETag',
        'Idempotency-Replayed',
        'Link',
        'Location',
        'X-Request-Id',
        'Retry-After',
        'RateLimit',
        'RateLimit-Policy',
        'Cache-Status',
        'Total-Count',
      ],
      maxAge: 600,
    });
  }
  serveApiDocument(app);
  return app;
}
