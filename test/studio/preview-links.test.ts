import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EditedDocument } from '../../src/blog/editing.service.js';
import { login, removeAccount } from '../support/accounts.js';
import { query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { signedIn, type StudioBrowser } from '../support/studio.js';
import { written } from '../blog/posts.js';

let inkwell: Inkwell;
let ada: StudioBrowser;
beforeAll(async () => {
  inkwell = await startInkwell();
  ada = await signedIn(inkwell, 'ada');
});
afterAll(() => inkwell.close());

const PATH = '/studio/api/posts';
const call = async (method: string, path: string, body?: unknown, headers = {}, by = ada) => {
  const answer = await by.call(method, PATH + path, body, headers);
  if (answer.status >= 400) throw new Error(answer.body);
  return { etag: answer.headers.get('etag')!, ...(JSON.parse(answer.body || '{}') as EditedDocument) };
};
const shared = async (text: object, by = ada) => {
  const { id } = await call('POST', '', text, {}, by);
  const { preview_url: url } = await call('POST', `/${id}/preview-link`, undefined, {}, by);
  return { id, url: url! };
};
/** A browser that nobody has signed in with. */
const visit = (path: string) => fetch(inkwell.url + path, { headers: { accept: 'text/html' } });

describe('GET /preview/:token', () => {
  it('shows a draft as its page will look, to anybody with the link, and to no cache or search engine', async () => {
    const { url } = await shared({ title: 'Half a thought', content: '*Almost*.', tags: ['Soon'] });
    expect(url).toMatch(/^\/preview\/[\w-]{43}$/);
    const response = await visit(url);
    expect(response.status).toBe(200);
    const headers = [
      'cache-control',
      'x-robots-tag',
      'referrer-policy',
      'etag',
      'set-cookie',
      'cache-status',
    ];
    expect(headers.map((name) => response.headers.get(name))).toEqual([
      ...['no-store', 'noindex, nofollow', 'no-referrer', null, null, null],
    ]);
    expect(response.headers.get('content-security-policy')).toContain(`default-src 'none'`);
    const page = await response.text();
    expect(page).toContain('<em>Almost</em>');
    expect(page).toContain('<meta name="robots" content="noindex, nofollow" />');
    expect(page).not.toContain('rel="canonical"');
    expect(page).toMatch(/<h1 dir="auto">Half a thought<\/h1>/);
  });

  it('follows every save at once, also of the working copy of a published post', async () => {
    const post = await written(inkwell, await login(inkwell, 'ada'), { title: 'Out', content: 'Public.' });
    const { preview_url: url, etag } = await call('POST', `/${post.id}/preview-link`);
    expect(await (await visit(url!)).text()).toContain('<p>Public.</p>');
    const change = { title: 'Out again', content: 'Not yet.', category_name: 'Coming' };
    const saved = await call('PUT', `/${post.id}/text`, change, { 'if-match': etag });
    const page = await (await visit(url!)).text();
    for (const part of ['Out again', '<p>Not yet.</p>', 'Coming']) expect(page).toContain(part);
    expect(await (await visit(`/blog/posts/${post.slug}`)).text()).toContain('<p>Public.</p>');
    await call('PUT', `/${post.id}/text`, { ...change, content: 'Later.' }, { 'if-match': saved.etag });
    expect(await (await visit(url!)).text()).toContain('<p>Later.</p>');
  });

  it('has one link a post, which only its hash is kept of', async () => {
    const { id, url } = await shared({ title: 'One link' });
    expect((await call('POST', `/${id}/preview-link`)).preview_url).toBe(url);
    expect((await call('GET', `/${id}`)).preview_url).toBe(url);
    const rows = await query<{ row: string }>(inkwell, 'SELECT l::text AS row FROM preview_links l');
    const token = url.slice('/preview/'.length);
    const forms = [token, Buffer.from(token, 'base64url').toString('hex')];
    for (const { row } of rows) for (const form of forms) expect(row).not.toContain(form);
  });

  it('is a page that does not exist once the link is revoked, and a new link is another one', async () => {
    const { id, url } = await shared({ title: 'Taken back', content: 'Secret.' });
    expect((await call('DELETE', `/${id}/preview-link`)).preview_url).toBeNull();
    const gone = await visit(url);
    expect([gone.status, gone.headers.get('cache-control')]).toEqual([404, 'no-store']);
    const page = await gone.text();
    expect(page).toContain('<!doctype html>');
    expect(page).not.toContain('Secret.');
    const again = await call('POST', `/${id}/preview-link`);
    expect(again.preview_url).not.toBe(url);
    expect((await visit(url)).status).toBe(404);
    expect((await visit(again.preview_url!)).status).toBe(200);
  });

  it('ends with the post in the trash, and does not come back with it', async () => {
    const { id, url } = await shared({ title: 'Thrown away' });
    await call('DELETE', `/${id}`);
    expect((await visit(url)).status).toBe(404);
    expect((await call('POST', `/${id}/restore`, {})).preview_url).toBeNull();
    expect((await visit(url)).status).toBe(404);
  });

  it('ends with the account of the author, of a published post too', async () => {
    const mia = await signedIn(inkwell, 'mia');
    const { url } = await shared({ title: 'Of Mia' }, mia);
    const session = await login(inkwell, 'mia');
    const post = await written(inkwell, session, { content: 'Stays.' });
    const { preview_url: other } = await call('POST', `/${post.id}/preview-link`, undefined, {}, mia);
    for (const path of [url, other!]) expect((await visit(path)).status).toBe(200);
    expect((await removeAccount(inkwell, 'mia', session.token)).status).toBe(204);
    for (const path of [url, other!]) expect((await visit(path)).status).toBe(404);
    expect((await visit(`/blog/posts/${post.slug}`)).status).toBe(200);
  });

  it.each(['x', 'A'.repeat(43), 'A'.repeat(300), '..%2f', 'a b'])('answers 404 to %p', async (token) => {
    expect((await visit(`/preview/${token}`)).status).toBe(404);
  });
});
