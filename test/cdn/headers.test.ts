import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type PostDetail, written } from '../blog/posts.js';
import { type Account, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { type Inkwell, LONG_LEASE, startInkwell } from '../support/start-inkwell.js';
import { ask, keepingAlive } from '../support/wire.js';
import { until } from '../webhooks/receiver.js';
import { apis, PurgeApiServer, settingsOf } from './purge-api-server.js';
import { untilNothingIsDue } from './until-nothing-is-due.js';

const NAMES = ['cdn-cache-control', 'surrogate-key', 'surrogate-control', 'cache-tag'];

/** The headers of an answer that a CDN reads. */
async function cdnHeaders(inkwell: Inkwell, path: string, headers: Record<string, string> = {}) {
  const answer = await ask(inkwell, path, headers, 'GET', keepingAlive);
  return Object.fromEntries(
    NAMES.filter((name) => name in answer.headers).map((name) => [name, answer.headers[name]]),
  );
}

describe.each<[keyof typeof apis, (tags: string[], seconds: number) => Record<string, string>]>([
  [
    'fastly',
    (tags, seconds) => ({
      'cdn-cache-control': `s-maxage=${seconds}, stale-if-error=300`,
      'surrogate-control': `max-age=${seconds}, stale-if-error=300`,
      'surrogate-key': tags.join(' '),
    }),
  ],
  [
    'cloudflare',
    (tags, seconds) => ({
      'cdn-cache-control': `s-maxage=${seconds}, stale-if-error=300`,
      'cache-tag': tags.join(','),
    }),
  ],
  [
    'generic',
    (tags, seconds) => ({
      'cdn-cache-control': `s-maxage=${seconds}, stale-if-error=300`,
      'surrogate-key': tags.join(' '),
    }),
  ],
])('answers with CDN_PURGE_PROVIDER=%s', (provider, expected) => {
  let cdn: PurgeApiServer;
  let inkwell: Inkwell;
  let ada: Account;
  let post: PostDetail;
  beforeAll(async () => {
    cdn = await PurgeApiServer.start(apis[provider]);
    inkwell = await startInkwell({ ...LONG_LEASE, ...settingsOf[provider](cdn) });
    ada = await registerAndLogin(inkwell, 'ada');
    post = await written(inkwell, ada);
  });
  afterAll(async () => {
    await inkwell.close();
    cdn.close();
  });

  it('carry their tags and the TTL of their route, as misses, hits, 304s and heads', async () => {
    const path = `/blog/api/posts/${post.id}`;
    const wanted = expected([`post:${post.id}`, `author:${ada.id}`, 'category:1', `path:${path}`], 300);
    const first = await ask(inkwell, path, {}, 'GET', keepingAlive);
    for (let time = 0; time < 3; time += 1) expect(await cdnHeaders(inkwell, path)).toEqual(wanted);
    expect(await cdnHeaders(inkwell, path, { 'if-none-match': first.headers.etag! })).toEqual(wanted);
    const head = await ask(inkwell, path, {}, 'HEAD', keepingAlive);
    expect(head.headers).toMatchObject(wanted);
    expect((await ask(inkwell, path, {}, 'GET', keepingAlive)).headers['cache-status']).toBe('inkwell; hit');
    expect(head.headers['cache-control']).toBe('public, no-cache');
  });

  it('carry the tags of this answer, also where the answers of a route differ', async () => {
    const other = await written(inkwell, ada);
    for (const id of [post.id, other.id, post.id, other.id]) {
      const path = `/blog/api/posts/${id}`;
      expect(await cdnHeaders(inkwell, path)).toEqual(
        expected([`post:${id}`, `author:${ada.id}`, 'category:1', `path:${path}`], 300),
      );
    }
    const list = await cdnHeaders(inkwell, '/blog/api/posts?limit=1');
    expect(list).toEqual(expected(['posts', `author:${ada.id}`, 'category:1', 'path:/blog/api/posts'], 60));
  });

  it('carry neither for those who are logged in, for what is not cached, and for errors', async () => {
    const path = `/blog/api/posts/${post.id}`;
    expect(await cdnHeaders(inkwell, path, { authorization: `Bearer ${ada.token}` })).toEqual({});
    expect(await cdnHeaders(inkwell, '/blog/api/posts?q=post')).toEqual({});
    expect(await cdnHeaders(inkwell, '/blog/api/posts/999999')).toEqual({});
    expect(await cdnHeaders(inkwell, '/livez')).toEqual({});
    // The front door has learnt nothing from the answer to a logged-in caller.
    expect(Object.keys(await cdnHeaders(inkwell, path))).toContain('cdn-cache-control');
  });
});

describe('answers without a CDN', () => {
  it('carry nothing for one', async () => {
    const inkwell = await startInkwell();
    try {
      await written(inkwell, await registerAndLogin(inkwell, 'ada'));
      for (let time = 0; time < 3; time += 1)
        expect(await cdnHeaders(inkwell, '/blog/api/posts')).toEqual({});
    } finally {
      await inkwell.close();
    }
  });
});

/** A minimal CDN: stores what it may, finds it by tag, and purges on request. */
class SmallCdn {
  readonly kept = new Map<string, { readonly body: string; readonly tags: ReadonlySet<string> }>();
  private readonly server = createServer();
  origin = '';

  async start(): Promise<void> {
    this.server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (request.method === 'POST')
          this.purge(JSON.parse(Buffer.concat(chunks).toString()) as { tags: string[] });
        const body = request.method === 'POST' ? Promise.resolve('') : this.read(request.url!);
        void body.then((text) => response.end(text));
      });
    });
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async read(path: string): Promise<string> {
    const known = this.kept.get(path);
    if (known !== undefined) return known.body;
    const answer = await fetch(this.origin + path);
    const body = await answer.text();
    const mayKeep = /s-maxage=[1-9]/.test(answer.headers.get('cdn-cache-control') ?? '');
    const tags = new Set(answer.headers.get('surrogate-key')?.split(' '));
    if (mayKeep) this.kept.set(path, { body, tags });
    return body;
  }

  private purge({ tags }: { readonly tags: readonly string[] }): void {
    for (const [path, entry] of this.kept)
      if (tags.some((tag) => entry.tags.has(tag))) this.kept.delete(path);
  }
}

describe('a CDN in front', () => {
  const cdn = new SmallCdn();
  let inkwell: Inkwell;
  afterEach(async () => {
    await inkwell.close();
    cdn.close();
  });

  it('keeps answers, and after a change exactly those that the change did not touch', async () => {
    await cdn.start();
    inkwell = await startInkwell({
      CDN_PURGE_PROVIDER: 'generic',
      CDN_PURGE_URL: `${cdn.url}/purge`,
      CDN_PURGE_AGAIN_SECONDS: '0',
    });
    cdn.origin = inkwell.url;
    const ada = await registerAndLogin(inkwell, 'ada');
    const [one, other] = [await written(inkwell, ada), await written(inkwell, ada)];
    const read = async (path: string): Promise<string> => (await fetch(cdn.url + path)).text();
    const paths = [
      `/blog/api/posts/${one.id}`,
      `/blog/api/posts/${other.id}`,
      '/blog/api/posts',
      '/blog/api/categories',
    ];
    await untilNothingIsDue(inkwell);
    for (const path of paths) await read(path);
    expect([...cdn.kept.keys()]).toEqual(paths);
    await api(inkwell).patch(`/blog/api/posts/${one.id}`, { title: 'Changed since' }, ada.token);
    await until(
      () => read(paths[0]!),
      (text) => text.includes('Changed since'),
    );
    expect(await read('/blog/api/posts')).toContain('Changed since');
    expect([...cdn.kept.keys()]).toEqual(expect.arrayContaining([paths[1], paths[3]]));
  });
});
