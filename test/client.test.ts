import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createInkwellClient } from '../client/index.js';
import { conformingFetch } from './support/documented-answers.js';
import { type Inkwell, startInkwell } from './support/start-inkwell.js';

const PASSWORD = 'a quiet green kettle';

let inkwell: Inkwell;
let token: string | undefined;
let client: ReturnType<typeof createInkwellClient>;
beforeAll(async () => {
  inkwell = await startInkwell();
  client = createInkwellClient(inkwell.url, { fetch: conformingFetch, token: () => token });
});
afterAll(() => inkwell.close());

describe('the typed client', () => {
  it('registers, logs in and stays logged in', async () => {
    const registered = await client.POST('/api/register', {
      body: { username: 'ada', email: 'ada@example.org', password: PASSWORD },
    });
    expect(registered.data?.username).toBe('ada');

    const opened = await client.POST('/api/login', { body: { username: 'ada', password: PASSWORD } });
    expect(opened.data?.expires_in).toBe(600);
    const refreshed = await client.POST('/api/refresh', {
      body: { refresh_token: opened.data!.refresh_token },
    });
    token = refreshed.data?.token;

    expect((await client.GET('/api/verify')).data?.data.username).toBe('ada');
    expect((await client.GET('/api/users/me')).data?.email).toBe('ada@example.org');
    const sessions = await client.GET('/api/sessions');
    expect(sessions.data?.map((session) => session.current)).toEqual([true]);
  });

  it('writes, reads, edits and deletes a post', async () => {
    const written = await client.POST('/blog/api/posts', {
      body: { title: 'On tea', content: 'Boil *water*.', category_name: 'Kitchen', tags: ['tea'] },
      params: { header: { 'Idempotency-Key': 'first' } },
    });
    expect(written.response.status).toBe(201);
    const { id, slug, content_html: html } = written.data!;
    expect(html).toBe('<p>Boil <em>water</em>.</p>\n');

    const read = await client.GET('/blog/api/posts/{id}', { params: { path: { id: slug } } });
    expect(read.data).toEqual(written.data);
    const path = { id: String(id) };
    const edited = await client.PATCH('/blog/api/posts/{id}', {
      params: { path, header: { 'If-Match': read.response.headers.get('etag')! } },
      body: { title: 'On green tea' },
    });
    expect(edited.data?.title).toBe('On green tea');

    const { data: posts } = await client.GET('/blog/api/posts', {
      params: { query: { tag: 'tea', limit: 5 } },
    });
    expect(posts?.map((post) => [post.title, post.category.name])).toEqual([['On green tea', 'Kitchen']]);
    const { data: categories } = await client.GET('/blog/api/categories');
    expect(categories?.map((category) => [category.name, category.post_count])).toEqual([
      ['General', 0],
      ['Kitchen', 1],
    ]);

    const deleted = await client.DELETE('/blog/api/posts/{id}', { params: { path } });
    expect(deleted.response.status).toBe(204);
    expect((await client.GET('/blog/api/posts/{id}', { params: { path } })).error?.code).toBe(
      'post.not_found',
    );
  });

  it('tells what is wrong by a typed problem document', async () => {
    const { data, error } = await client.POST('/blog/api/posts', { body: { title: ' ', content: '' } });
    expect(data).toBeUndefined();
    expect(error?.code).toBe('request.invalid');
    expect(error?.errors?.map(({ pointer }) => pointer)).toEqual(['/title', '/content']);

    const stranger = createInkwellClient(inkwell.url, { fetch: conformingFetch });
    const refused = await stranger.POST('/blog/api/posts', { body: { title: 'x', content: 'x' } });
    expect([refused.response.status, refused.error?.status]).toEqual([401, 401]);
    const missing = await stranger.GET('/api/users/{id}', { params: { path: { id: 'nobody' } } });
    expect(missing.error?.status).toBe(404);
  });

  it('changes a profile, reads others, and ends', async () => {
    const changed = await client.PATCH('/api/users/{id}', {
      params: { path: { id: 'ada' } },
      body: { display_name: 'Ada L.', bio: 'Writes about tea.' },
    });
    expect(changed.data?.display_name).toBe('Ada L.');
    const profile = await client.GET('/api/users/{id}', { params: { path: { id: 'ada' } } });
    expect(profile.data).not.toHaveProperty('email');
    const several = await client.GET('/api/users', { params: { query: { ids: String(profile.data!.id) } } });
    expect(several.data?.map(({ username }) => username)).toEqual(['ada']);

    expect((await client.POST('/api/logout')).response.status).toBe(204);
    expect((await client.GET('/api/users/me')).error?.status).toBe(401);
  });

  it('asks for health and numbers', async () => {
    const { data: readiness } = await client.GET('/readyz');
    expect(readiness?.checks['postgresql']).toBe('up');
    expect((await client.GET('/livez')).data?.status).toBe('ok');
    expect((await client.GET('/stats')).data?.posts).toBe(0);
  });
});
