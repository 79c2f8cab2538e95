const HOST = 'host: checker\r\n';

const headerLines = (headers: Readonly<Record<string, string>>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');

export const getText = (path: string, headers: Readonly<Record<string, string>> = {}): string =>
  `GET ${path} HTTP/1.1\r\n${HOST}${headerLines(headers)}\r\n`;

export interface Change {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON here is ASCII. */
  readonly body?: object;
}

export function changeText({ method, path, token, headers = {}, body }: Change): string {
  const text = body === undefined ? '' : JSON.stringify(body);
  const all = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    'content-length': String(text.length),
    ...headers,
  };
  return `${method} ${path} HTTP/1.1\r\n${HOST}${headerLines(all)}\r\n${text}`;
}
