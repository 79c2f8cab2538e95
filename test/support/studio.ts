import { PASSWORD, register } from './accounts.js';
import type { Inkwell } from './start-inkwell.js';

export interface StudioAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  /** Where a redirect leads. */
  readonly location: string | null;
}

type Fields = Readonly<Record<string, string | readonly string[]>>;

/** A browser without JavaScript: it keeps cookies, sends forms, and follows no redirect by itself. */
export class StudioBrowser {
  private readonly cookies = new Map<string, string>();

  constructor(
    private readonly inkwell: Pick<Inkwell, 'url'>,
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  get cookie(): string {
    return [...this.cookies].map((pair) => pair.join('=')).join('; ');
  }

  /** The same person at another replica. */
  at(inkwell: Pick<Inkwell, 'url'>): StudioBrowser {
    const other = new StudioBrowser(inkwell, this.headers);
    for (const [name, value] of this.cookies) other.cookies.set(name, value);
    return other;
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<StudioAnswer> {
    return this.send(path, { headers });
  }

  /** Sends a form from a page of the Studio. */
  post(
    path: string,
    fields: Fields = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<StudioAnswer> {
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries(fields))
      for (const each of [value].flat()) body.append(name, each);
    const { origin } = new URL(this.inkwell.url);
    return this.send(path, { method: 'POST', body, headers: { origin, ...headers } });
  }

  /** Calls the API of the editor. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<StudioAnswer> {
    const { origin } = new URL(this.inkwell.url);
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    return this.send(path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { origin, ...type, ...headers },
    });
  }

  async signIn(username: string, password: string = PASSWORD): Promise<StudioAnswer> {
    return this.post('/studio/sign-in', { username, password });
  }

  private async send(path: string, init: RequestInit): Promise<StudioAnswer> {
    const headers = { accept: 'text/html', ...this.headers, cookie: this.cookie, ...init.headers };
    const response = await fetch(this.inkwell.url + path, { redirect: 'manual', ...init, headers });
    for (const cookie of response.headers.getSetCookie()) this.keep(cookie);
    const body = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body,
      location: response.headers.get('location'),
    };
  }

  private keep(cookie: string): void {
    const [pair = '', ...attributes] = cookie.split(/; */);
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    if (attributes.includes('Max-Age=0')) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** A new account that is signed in to the Studio. */
export async function signedIn(inkwell: Inkwell, username: string): Promise<StudioBrowser> {
  await register(inkwell, username);
  const browser = new StudioBrowser(inkwell);
  const { status } = await browser.signIn(username);
  if (status !== 303) throw new Error(`The sign-in answered ${status}`);
  return browser;
}
