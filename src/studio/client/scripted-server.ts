import type { Clock } from './clock.js';
import { type EditableText, EMPTY_TEXT } from './text.js';

/** The faults that can befall a request. */
export type Fault =
  | 'none'
  | 'lost request'
  | 'lost answer'
  | 'slow'
  | 'busy'
  | 'in flight'
  | 'too large'
  | 'invalid'
  | 'signed out';

const SLOW_MS = 4_000;

interface Post {
  text: EditableText;
  version: number;
  /** The writer of each version. */
  readonly writers: string[];
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });

/** Speaks the contract of `/studio/api` for saves, and loses requests and answers as it is told. */
export class ScriptedServer {
  readonly posts = new Map<number, Post>();
  readonly requests: string[] = [];
  /** Of the next requests, in order. */
  faults: Fault[] = [];
  isSignedIn = true;
  private readonly answers = new Map<string, Response>();

  constructor(private readonly clock: Clock) {}

  readonly fetch = async (input: unknown, init: RequestInit = {}): Promise<Response> => {
    const fault = this.faults.shift() ?? 'none';
    if (fault === 'lost request') throw new TypeError('Failed to fetch');
    if (fault === 'busy') return json(503, { code: 'service.unavailable' }, { 'retry-after': '1' });
    if (fault === 'in flight') return json(409, { code: 'idempotency.in_flight' });
    if (fault === 'too large') return json(413, { code: 'request.body_too_large' });
    if (fault === 'invalid') return json(422, { errors: [{ pointer: '/slug', detail: 'Taken' }] });
    if (fault === 'signed out') this.isSignedIn = false;
    if (!this.isSignedIn) return json(401, { code: 'auth.required' });
    const answer = this.idempotently(String(input), init);
    if (fault === 'lost answer') throw new TypeError('Failed to fetch');
    if (fault === 'slow') await this.clock.sleep(SLOW_MS, new AbortController().signal);
    return answer.clone();
  };

  /** As after a day. */
  forgetAnswers(): void {
    this.answers.clear();
  }

  /** Somebody else saves. */
  write(id: number, text: EditableText, writer = 'somebody else'): void {
    const post = this.posts.get(id)!;
    post.text = text;
    post.version++;
    post.writers.push(writer);
  }

  private idempotently(path: string, init: RequestInit): Response {
    const headers = new Headers(init.headers);
    const key = headers.get('idempotency-key');
    this.requests.push(`${init.method} ${path} ${key}`);
    const known = key === null ? undefined : this.answers.get(key);
    if (known !== undefined) return known;
    const answer = this.handle(path, init, headers);
    if (key !== null && answer.ok) this.answers.set(key, answer);
    return answer;
  }

  private handle(path: string, init: RequestInit, headers: Headers): Response {
    const typed =
      typeof init.body === 'string' ? (JSON.parse(init.body) as Partial<EditableText>) : undefined;
    const text = typed && { ...EMPTY_TEXT, ...typed };
    if (init.method === 'POST') {
      const id = this.posts.size + 1;
      this.posts.set(id, { text: text!, version: 1, writers: ['this browser'] });
      return this.show(id, 201);
    }
    const id = Number(/\/posts\/(\d+)/.exec(path)?.[1]);
    const post = this.posts.get(id);
    if (post === undefined) return json(404, { code: 'post.not_found' });
    if (init.method === 'GET') return this.show(id, 200);
    if (headers.get('if-match') !== `"${post.version}"`) return json(412, { code: 'post.version_mismatch' });
    this.write(id, { ...text!, slug: text!.slug || `post-${id}` }, 'this browser');
    return this.show(id, 200);
  }

  private show(id: number, status: number): Response {
    const { text, version } = this.posts.get(id)!;
    const document = {
      ...{
        id,
        status: 'draft',
        text,
        has_working_copy: false,
        base: `"${version}"`,
        post_etag: `"${version}"`,
      },
      ...{ published: null, url: `/blog/posts/${id}`, trashed_at: null, preview_url: null },
    };
    return json(status, document, { etag: `"${version}"` });
  }
}
