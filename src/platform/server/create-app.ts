import { type DynamicModule, StandardSchemaValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Config } from '../../config.js';
import { AnswerInterceptor } from '../answers/answer.interceptor.js';
import { ProblemFilter } from '../errors/problem.filter.js';
import { CachedRoutes } from '../cache/cached-routes.js';
import { FrontDoor } from '../cache/front-door.js';
import '../cache/prepared-reply.js';
import { passOnCallHeaders } from '../http/call-context.js';
import { sendProblem } from '../errors/send-problem.js';
import { toProblem } from '../errors/to-problem.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { createLog, type Log } from '../logs/log.js';
import { logReadAnswer, logRequests } from '../logs/log-requests.js';
import { NestLog } from '../logs/nest-log.js';
import { serveApiDocument } from '../openapi/serve-api-document.js';
import { AllowedMethods } from './allowed-methods.js';
import { answerClientError } from './client-errors.js';
import { DeclaredQueryGuard } from './declared-query.guard.js';
import { registerJsonBody } from './json-body.js';
import { requestId } from './request-id.js';
import { assertUrlText } from './url-text.js';
import { validationFailed } from './validation-failed.js';

/** Slow clients are cut: `requestTimeout` alone does not do it, Node checks every `connectionsCheckingInterval`. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 15_000;
const MAX_HEADER_BYTES = 16 * 1024;

const adapterFor = (config: Config): FastifyAdapter =>
  new FastifyAdapter({
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Above what load balancers keep, so that they close first.
    keepAliveTimeout: 72_000,
    return503OnClosing: false,
    forceCloseConnections: false,
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    requestIdHeader: false,
    genReqId: (request: IncomingMessage) =>
      request.alreadyRead?.requestId ?? requestId(request.headers['x-request-id']),
    clientErrorHandler: (error, socket) => answerClientError(error, socket),
    // What Fastify's router refuses before any hook, such as broken percent-encoding.
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(toProblem(error), request, reply),
    routerOptions: { maxParamLength: 500 },
    http: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
  });

function registerHooks(server: FastifyInstance, lifecycle: Lifecycle): void {
  server.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    if (lifecycle.isDraining) void reply.header('connection', 'close');
    assertUrlText(request.url);
    done();
  });
  server.addHook('onSend', (request, reply, _payload, done) => {
    // A preflight is answered before the hook above.
    if (request.method === 'OPTIONS') void reply.header('x-request-id', request.id);
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    done();
  });
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
  registerJsonBody(server);
  registerHooks(server, app.get(Lifecycle));
  passOnCallHeaders(server);
  logRequests(server, log, app.get(Lifecycle));
  app.get(FrontDoor).watch(server, (answer) => logReadAnswer(log, answer));
  app.get(CachedRoutes).watch(server);
  app.useGlobalGuards(new DeclaredQueryGuard());
  app.useGlobalFilters(new ProblemFilter(allowedMethods));
  app.useGlobalInterceptors(new AnswerInterceptor());
  app.useGlobalPipes(new StandardSchemaValidationPipe({ exceptionFactory: validationFailed }));
  app.useSecurityHeaders({
    contentSecurityPolicy: {
      // Posts show pictures and films from anywhere; the blog may be served over plain HTTP in a private network.
      directives: {
        'img-src': ["'self'", 'data:', 'https:', 'http:'],
        'media-src': ["'self'", 'https:', 'http:'],
        'upgrade-insecure-requests': null,
      },
    },
  });
  if (config.allowedOrigins.length > 0) {
    app.enableCors({
      origin: [...config.allowedOrigins],
      // An OPTIONS that is no preflight is answered all the same, not with an error in plain text.
      strictPreflight: false,
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposedHeaders: [
        'ETag',
        'Link',
        'Location',
        'X-Request-Id',
        'Retry-After',
        'RateLimit',
        'RateLimit-Policy',
        'Cache-Status',
      ],
      maxAge: 600,
    });
  }
  serveApiDocument(app);
  return app;
}
