import type { Inkwell } from './start-inkwell.js';

export interface ApiResponse<Body> {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed if it is JSON, otherwise text; `undefined` if it is empty. The test declares the type that it expects. */
  readonly body: Body;
}

/** The default type, unless a test declares another, e.g. `get<{ id: number }[]>('/blog/api/posts')`. */
export type Json = Record<string, unknown>;

export type RequestHeaders = Readonly<Record<string, string>>;

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  return /[/+]json/.test(response.headers.get('content-type') ?? '') ? (JSON.parse(text) as unknown) : text;
}

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

async function send<Body>(by: Fetch, url: string, init: RequestInit): Promise<ApiResponse<Body>> {
  const response = await by(url, { redirect: 'manual', ...init });
  return { status: response.status, headers: response.headers, body: (await bodyOf(response)) as Body };
}

const headersOf = (token: string | undefined, headers: RequestHeaders): RequestHeaders => ({
  ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  ...headers,
});

/** Calls the API of a running instance over HTTP: `api(inkwell).post('/api/login', { username, password })`. */
export const api = (inkwell: Pick<Inkwell, 'url'>): ReturnType<typeof apiBy> => apiBy(inkwell, fetch);

export function apiBy(inkwell: Pick<Inkwell, 'url'>, by: Fetch) {
  const without =
    (method: string) =>
    <Body = Json>(path: string, token?: string, headers: RequestHeaders = {}): Promise<ApiResponse<Body>> =>
      send(by, inkwell.url + path, { method, headers: headersOf(token, headers) });
  const withBody =
    (method: string) =>
    <Body = Json>(
      path: string,
      body?: unknown,
      token?: string,
      headers: RequestHeaders = {},
    ): Promise<ApiResponse<Body>> => {
      if (body === undefined) return without(method)(path, token, headers);
      const sent = headersOf(token, { 'content-type': 'application/json', ...headers });
      return send(by, inkwell.url + path, {
        method,
        headers: sent,
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
    };
  return {
    get: without('GET'),
    head: without('HEAD'),
    delete: without('DELETE'),
    /** A string is sent unchanged, anything else as JSON. */
    post: withBody('POST'),
    put: withBody('PUT'),
    patch: withBody('PATCH'),
    deleteWith: withBody('DELETE'),
  };
}
