import { type Span, TraceFlags } from '@opentelemetry/api';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';
import { isProbe } from '../lifecycle/is-probe.js';

/**
 * The channel on which Fastify publishes before it calls a route's handler:
 * https://fastify.dev/docs/latest/Reference/Hooks.
 */
const ROUTED = 'tracing:fastify.request.handler:start';

interface RoutedMessage {
  readonly request: { readonly raw: IncomingMessage };
  readonly route: { readonly url: string; readonly method: string };
}

const spans = new WeakMap<IncomingMessage, Span>();

/** Lets the log and outgoing calls use the trace of this request, whether it came with the request or starts here. */
function tellTrace(span: Span, request: IncomingMessage): void {
  const { traceId, spanId, traceFlags } = span.spanContext();
  const flags = (traceFlags & TraceFlags.SAMPLED).toString(16).padStart(2, '0');
  request.headers['traceparent'] = `00-${traceId}-${spanId}-${flags}`;
}

function nameByRoute(message: unknown): void {
  // The documented part of the channel's message.
  const { request, route } = message as RoutedMessage;
  const span = spans.get(request.raw);
  span?.setAttribute('http.route', route.url);
  span?.updateName(`${request.raw.method} ${route.url}`);
}

/** Makes a span for each request, named by method and route as in the log, and one for each outgoing call. */
export function requestSpans(): HttpInstrumentation {
  subscribe(ROUTED, nameByRoute);
  return new HttpInstrumentation({
    ignoreIncomingRequestHook: ({ url = '' }) => isProbe(url),
    // Anyone with the token can use the link, so traces must not show it.
    redactedQueryParamsServer: ['token'],
    requireParentforOutgoingSpans: true,
    requestHook: (span, request) => {
      if (!(request instanceof IncomingMessage)) return;
      spans.set(request, span);
      tellTrace(span, request);
    },
  });
}
