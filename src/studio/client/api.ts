import type { EditableText } from './text.js';

/** A post as `/studio/api` shows it to its author. */
export interface StudioDocument {
  readonly id: number;
  readonly status: 'draft' | 'published';
  readonly text: EditableText;
  readonly has_working_copy: boolean;
  /** ETag of the post that the text is based on. */
  readonly base: string;
  /** ETag of the post now. */
  readonly post_etag: string;
  /** What readers see. */
  readonly published: EditableText | null;
  readonly url: string;
  readonly published_at: string | null;
  readonly saved_at: string;
  readonly trashed_at: string | null;
  readonly preview_url: string | null;
}

/** A document together with the ETag of its text. */
export interface Versioned {
  readonly document: StudioDocument;
  readonly etag: string;
}

export interface Problem {
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  /** Of a 412: the document as it is. */
  readonly current?: StudioDocument;
}

export interface ApiAnswer {
  readonly status: number;
  readonly etag: string | null;
  readonly retryAfterMs: number | null;
  /** Parsed JSON, or null if there is none. */
  readonly body: unknown;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/studio/api`. */
  readonly path: string;
  readonly ifMatch?: string | undefined;
  readonly idempotencyKey?: string | undefined;
  /** JSON text, so that a repetition is the same byte for byte. */
  readonly body?: string | undefined;
}

/** How long a server may take before the same request is sent again. */
const TIMEOUT_MS = 15_000;

/** RFC 9110 §10.2.3: seconds or a date. */
function retryAfterMs(header: string | null): number | null {
  if (header === null) return null;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1000;
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

async function parsed(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

const ROOT = '/studio/api';

/** Calls `/studio/api` with the session's cookie. */
export class StudioApi {
  constructor(
    private readonly fetch: typeof globalThis.fetch,
    /** Of the text: a session of another account counts as none, and is answered with 401. */
    private readonly account?: string,
  ) {}

  /** @throws TypeError or a DOMException if no answer came, so nobody knows whether the server did it. */
  async send({ method, path, ifMatch, idempotencyKey, body }: ApiRequest): Promise<ApiAnswer> {
    const headers = new Headers({ accept: 'application/json' });
    if (this.account !== undefined) headers.set('x-studio-account', this.account);
    if (ifMatch !== undefined) headers.set('if-match', ifMatch);
    if (idempotencyKey !== undefined) headers.set('idempotency-key', idempotencyKey);
    if (body !== undefined) headers.set('content-type', 'application/json');
    const response = await this.fetch(ROOT + path, {
      method,
      headers,
      body: body ?? null,
      cache: 'no-store',
      credentials: 'same-origin',
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return {
      status: response.status,
      etag: response.headers.get('etag'),
      retryAfterMs: retryAfterMs(response.headers.get('retry-after')),
      body: await parsed(response),
    };
  }

  /** The document of a post, or the answer that says why there is none. */
  async read(id: number): Promise<Versioned | ApiAnswer> {
    const answer = await this.send({ method: 'GET', path: `/posts/${id}` });
    return versionedOf(answer) ?? answer;
  }
}

/** The document in a successful answer. null: it is none, for example the page of a captive portal. */
export function versionedOf({ status, etag, body }: ApiAnswer): Versioned | null {
  if (status < 200 || status > 299 || etag === null) return null;
  if (typeof body !== 'object' || body === null || !('id' in body) || !('text' in body)) return null;
  return { document: body as StudioDocument, etag };
}

export const problemOf = ({ body }: ApiAnswer): Problem =>
  typeof body === 'object' && body !== null ? body : {};

export const isUnknownOutcome = (status: number): boolean =>
  status >= 500 || [0, 408, 425, 429].includes(status);
