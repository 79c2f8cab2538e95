import createClient, { type Client, type ClientOptions } from 'openapi-fetch';
import type { paths } from './schema.js';

export type { components } from './schema.js';

export interface InkwellClientOptions extends Omit<ClientOptions, 'baseUrl'> {
  /** Access token, or where to find the one of now; asked for each request. */
  readonly token?: () => string | undefined;
}

/**
 * A typed client of Inkwell's API. Paths, parameters, bodies and answers are those of docs/openapi.json:
 *
 *     const inkwell = createInkwellClient('https://blog.example.org', { token: () => session.token });
 *     const { data, error } = await inkwell.GET('/blog/api/posts', { params: { query: { tag: 'tea' } } });
 *
 * `data` is the body of a success; `error` is the problem document otherwise. Only a lost connection throws.
 */
export function createInkwellClient(baseUrl: string, options: InkwellClientOptions = {}): Client<paths> {
  const { token, ...rest } = options;
  const client = createClient<paths>({ ...rest, baseUrl });
  client.use({
    onRequest({ request }) {
      const credentials = token?.();
      if (credentials !== undefined) request.headers.set('authorization', `Bearer ${credentials}`);
      return request;
    },
  });
  return client;
}
