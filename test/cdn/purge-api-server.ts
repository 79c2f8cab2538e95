import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  readonly status: number;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

type Given = Omit<Call, 'status'>;

/** A local server that answers like the documented API of a CDN. */
export class PurgeApiServer {
  readonly calls: Call[] = [];
  /** Answers that a test wants instead of the API's own, each for one call. */
  readonly next: Reply[] = [];

  private constructor(
    private readonly server: Server,
    private readonly api: (call: Given) => Reply,
  ) {
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const { method = '', url = '', headers } = request;
        const given = {
          method,
          path: url,
          headers,
          body: text === '' ? undefined : (JSON.parse(text) as unknown),
        };
        const reply = this.next.shift() ?? this.api(given);
        this.calls.push({ ...given, status: reply.status });
        response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
        response.end(reply.body === undefined ? undefined : JSON.stringify(reply.body));
      });
    });
  }

  static async start(api: (call: Given) => Reply): Promise<PurgeApiServer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new PurgeApiServer(server, api);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The purged tags: one list for each call that was accepted. */
  get purged(): string[][] {
    return this.calls
      .filter(({ status }) => status === 200)
      .map(({ body }) => {
        const { surrogate_keys: keys, tags = [] } = (body ?? {}) as {
          surrogate_keys?: string[];
          tags?: string[];
        };
        return keys ?? tags;
      });
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

const TOKEN = 'token-of-the-tests';

interface Named {
  readonly body?: {
    readonly surrogate_keys?: unknown;
    readonly tags?: unknown;
    readonly purge_everything?: unknown;
  };
}

const isListOf = (value: unknown, max: number): value is string[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length <= max &&
  value.every((tag) => typeof tag === 'string' && /^[\x21-\x2b\x2d-\x7e]+$/.test(tag));

/** https://www.fastly.com/documentation/reference/api/purging/ */
function fastly({ method, path, headers, body }: Given): Reply {
  if (headers['fastly-key'] !== TOKEN)
    return { status: 401, body: { msg: 'Provided credentials are missing or invalid' } };
  if (method !== 'POST') return { status: 405, body: { msg: 'Method not allowed' } };
  if (path === '/service/SU1Z0isxPaozGVKXdv0eY/purge_all') return { status: 200, body: { status: 'ok' } };
  if (path !== '/service/SU1Z0isxPaozGVKXdv0eY/purge')
    return { status: 404, body: { msg: 'Record not found' } };
  const { surrogate_keys: keys } = (body ?? {}) as NonNullable<Named['body']>;
  if (!isListOf(keys, 256))
    return { status: 400, body: { msg: 'Bad request', detail: 'Too many or bad surrogate keys' } };
  return { status: 200, body: Object.fromEntries(keys.map((key, index) => [key, `108-${index}`])) };
}

/** https://developers.cloudflare.com/api/resources/cache/methods/purge/ */
function cloudflare({ method, path, headers, body }: Given): Reply {
  const refused = (status: number, code: number, message: string): Reply => ({
    status,
    body: { success: false, errors: [{ code, message }], messages: [], result: null },
  });
  if (headers.authorization !== `Bearer ${TOKEN}`) return refused(403, 10_000, 'Authentication error');
  if (method !== 'POST' || path !== '/zones/023e105f4ecef8ad9ca31a8372d0c353/purge_cache')
    return refused(404, 7003, 'Could not route to the path');
  const { tags, purge_everything: everything } = (body ?? {}) as NonNullable<Named['body']>;
  if (everything !== true && !isListOf(tags, 100)) return refused(400, 1094, 'Max 100 tags per request');
  return {
    status: 200,
    body: { success: true, errors: [], messages: [], result: { id: '023e105f4ecef8ad9ca31a8372d0c353' } },
  };
}

/** docs/cdn.md */
function generic({ method, path, body }: Given): Reply {
  const { tags, everything } = (body ?? {}) as { tags?: unknown; everything?: unknown };
  const isUnderstood = everything === true || isListOf(tags, 100);
  return { status: method === 'POST' && path === '/purge?from=inkwell' && isUnderstood ? 200 : 400 };
}

export const settingsOf = {
  fastly: ({ url }: PurgeApiServer) => ({
    CDN_PURGE_PROVIDER: 'fastly',
    CDN_PURGE_ZONE: 'SU1Z0isxPaozGVKXdv0eY',
    CDN_PURGE_TOKEN: TOKEN,
    CDN_PURGE_URL: url,
  }),
  cloudflare: ({ url }: PurgeApiServer) => ({
    CDN_PURGE_PROVIDER: 'cloudflare',
    CDN_PURGE_ZONE: '023e105f4ecef8ad9ca31a8372d0c353',
    CDN_PURGE_TOKEN: TOKEN,
    CDN_PURGE_URL: url,
  }),
  generic: ({ url }: PurgeApiServer) => ({
    CDN_PURGE_PROVIDER: 'generic',
    CDN_PURGE_URL: `${url}/purge?from=inkwell`,
  }),
};
export const apis = { fastly, cloudflare, generic };
