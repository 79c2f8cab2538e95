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

/** What has ended is sent so often; a process that stops loses what ended since. */
const SEND_EVERY_MS = 1_000;

/** The share of the traces that are kept, of those that begin here. @throws when it is none */
function sampledShare(given = '1'): number {
  const share = Number(given);
  if (given.trim() !== '' && share >= 0 && share <= 1) return share;
  throw new Error(
    `Inkwell cannot start: OTEL_TRACES_SAMPLER_ARG: expected a number from 0 to 1, got ${JSON.stringify(given)}`,
  );
}

/**
 * A span for each request, statement and command of Redis, and outgoing call, sent by OTLP/HTTP as JSON. The address, headers and
 * time limit of the receiver are read from `OTEL_EXPORTER_OTLP_*`, the name of the service from `OTEL_SERVICE_NAME`.
 */
export function startTraces(environment: NodeJS.ProcessEnv): void {
  const share = sampledShare(environment['OTEL_TRACES_SAMPLER_ARG']);
  // What is imported is seen by this hook, what is required by a patch of `require`.
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
      // The renewal of the lease, several times a second, belongs to no request.
      new PgInstrumentation({ requireParentSpan: true, ignoreConnectSpans: true }),
      new IORedisInstrumentation({ requireParentSpan: true, dbStatementSerializer: (command) => command }),
    ],
  });
}
