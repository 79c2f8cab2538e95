import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding: ids are hexadecimal, kinds are numbers. */
interface ExportTraceServiceRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string };
      readonly spans: readonly OtlpSpan[];
    }[];
  }[];
}
interface KeyValue {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number | string };
}
interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly KeyValue[];
}

export interface ReceivedSpan {
  readonly service: unknown;
  readonly scope: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
}

const valuesOf = (attributes: readonly KeyValue[]): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]));

const spansOf = ({ resourceSpans }: ExportTraceServiceRequest): ReceivedSpan[] =>
  resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) =>
      spans.map(({ traceId, spanId, parentSpanId, name, attributes }) => ({
        service: valuesOf(resource.attributes)['service.name'],
        scope: scope.name,
        ...{ name, traceId, spanId },
        parentSpanId: parentSpanId === '' ? undefined : parentSpanId,
        attributes: valuesOf(attributes),
      })),
    ),
  );

async function bodyOf(request: IncomingMessage): Promise<string> {
  return Buffer.concat((await request.toArray()) as Buffer[]).toString();
}

/** Receives traces like a collector: `POST /v1/traces`, JSON. */
export class OtlpReceiver {
  readonly spans: ReceivedSpan[] = [];
  /** Everything received, unchanged. */
  text = '';
  /** Requests to other paths, or in another format. */
  readonly refused: string[] = [];

  private constructor(
    readonly url: string,
    readonly stop: () => void,
  ) {}

  static async start(): Promise<OtlpReceiver> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const receiver = new OtlpReceiver(`http://127.0.0.1:${port}`, () => {
      server.close();
      server.closeAllConnections();
    });
    server.on('request', (request, response) => {
      void receiver.take(request).then((status) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
      });
    });
    return receiver;
  }

  private async take(request: IncomingMessage): Promise<number> {
    const body = await bodyOf(request);
    const what = `${request.method} ${request.url} ${request.headers['content-type']}`;
    if (what !== 'POST /v1/traces application/json') {
      this.refused.push(what);
      return 400;
    }
    this.text += body;
    this.spans.push(...spansOf(JSON.parse(body) as ExportTraceServiceRequest));
    return 200;
  }
}
