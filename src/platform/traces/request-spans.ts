import { type Span, TraceFlags } from '@opentelemetry/api';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';

/** Fastify publishes here, before the handler of a route is called: https://fastify.dev/docs/latest/Reference/Hooks. */
const ROUTED = 'tracing:fastify.request.handler:start';

interface Routed {
  readonly request: { readonly raw: IncomingMessage };
  readonly route: { readonly url: string; readonly method: string };
}

/** Asked every few seconds by programs, which look for no trace. */
const PROBES = new Set(['/livez', '/readyz', '/startupz', '/health', '/metrics']);

const spans = new WeakMap<IncomingMessage, Span>();

/** The log, and calls for this request, take the trace from here, whether it came with the request or begins with it. */
function tellTrace(span: Span, request: IncomingMessage): void {
  const { traceId, spanId, traceFlags } = span.spanContext();
  const flags = (traceFlags & TraceFlags.SAMPLED).toString(16).padStart(2, '0');
  request.headers['traceparent'] = `00-${traceId}-${spanId}-${flags}`;
}

function nameByRoute(message: unknown): void {
  // What Fastify documents of the channel.
  const { request, route } = message as Routed;
  const span = spans.get(request.raw);
  span?.setAttribute('http.route', route.url);
  span?.updateName(`${request.raw.method} ${route.url}`);
}

/** A span for each request, named by its method and route as the log names it, and one for each outgoing call. */
export function requestSpans(): HttpInstrumentation {
  subscribe(ROUTED, nameByRoute);
  return new HttpInstrumentation({
    ignoreIncomingRequestHook: ({ url = '' }) => PROBES.has(url),
    requireParentforOutgoingSpans: true,
    requestHook: (span, request) => {
      if (!(request instanceof IncomingMessage)) return;
      spans.set(request, span);
      tellTrace(span, request);
    },
  });
}
