import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { register } from 'node:module';
import { requestSpans } from './request-spans.js';

/** How often ended spans are sent. A process that stops loses those that ended since. */
const SEND_EVERY_MS = 1_000;

/** The share of the traces starting here that are kept. @throws if it is not a share */
function sampledShare(given = '1'): number {
  const share = Number(given);
  if (given.trim() !== '' && share >= 0 && share <= 1) return share;
  throw new Error(
    `Inkwell cannot start: OTEL_TRACES_SAMPLER_ARG: expected a number from 0 to 1, got ${JSON.stringify(given)}`,
  );
}

/**
 * Makes a span for each request, statement, Redis command and outgoing call, and sends them by OTLP/HTTP as JSON.
 * `OTEL_EXPORTER_OTLP_*` sets the receiver's address, headers and timeout, and `OTEL_SERVICE_NAME` the name of the
 * service.
 */
export function startTraces(environment: NodeJS.ProcessEnv): void {
  const share = sampledShare(environment['OTEL_TRACES_SAMPLER_ARG']);
  // The hook covers imported modules; a patch of `require` covers required ones.
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const exporter = new OTLPTraceExporter();
  trace.setGlobalTracerProvider(
    new TracerProvider({
      resource: defaultResource()
        .merge(resourceFromAttributes({ 'service.name': 'inkwell' }))
        .merge(detectResources({ detectors: [envDetector] })),
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
      spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: SEND_EVERY_MS })],
    }),
  );
  registerInstrumentations({
    instrumentations: [
      requestSpans(),
      // Renewals of the lease run several times a second and belong to no request.
      new PgInstrumentation({ requireParentSpan: true, ignoreConnectSpans: true }),
      new IORedisInstrumentation({ requireParentSpan: true, dbStatementSerializer: (command) => command }),
    ],
  });
}
