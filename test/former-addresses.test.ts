import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PostsService } from '../src/blog/posts.service.js';
import { TransactionRunner } from '../src/platform/outbox/transaction-runner.js';
import { type Account, registerAndLogin } from './support/accounts.js';
import { api } from './support/api.js';
import { type Inkwell, startInkwell } from './support/start-inkwell.js';

let inkwell: Inkwell;
let ada: Account;
beforeAll(async () => {
  inkwell = await startInkwell();
  ada = await registerAndLogin(inkwell, 'ada');
});
afterAll(() => inkwell.close());

const page = (path: string) => api(inkwell).get(path, undefined, { accept: 'text/html' });

/** A post with former addresses. @returns its slug */
async function imported(title: string, formerPaths: readonly string[]): Promise<string> {
  const posts = inkwell.app.get(PostsService);
  const [post] = await inkwell.app.get(TransactionRunner).run((tx) =>
    posts.importBatch(tx, [
      {
        sourceKey: title,
        title,
        content: 'Moved here.',
        contentFormat: 'markdown',
        authorId: ada.id,
        tags: [],
        status: 'published',
        createdAt: new Date('2019-05-01T00:00:00Z'),
        updatedAt: new Date('2019-05-01T00:00:00Z'),
        formerPaths,
      },
    ]),
  );
  return post!.slug;
}

describe('GET a former address', () => {
  it('leads to the post, however its slash, ending and letters are written', async () => {
    const slug = await imported('Formerly elsewhere', ['/2019/05/01/hello', '/글/안녕', '/notes/tea.html']);
    for (const path of [
      '/2019/05/01/hello',
      '/2019/05/01/hello/',
      '/2019/05/01/hello/index.html',
      '/2019/05/01/hello.html',
      '/2019/05/01/hello?utm_source=x',
      `/${encodeURIComponent('글')}/${encodeURIComponent('안녕')}/`,
      '/notes/tea.html',
      '/notes/tea',
    ]) {
      const { status, headers } = await page(path);
      expect([path, status, headers.get('location')]).toEqual([path, 301, `/blog/posts/${slug}`]);
    }
    expect((await api(inkwell).head('/2019/05/01/hello')).status).toBe(301);
  });

  it('leads from a number that was asked for before its post was imported', async () => {
    for (let i = 0; i < 3; i += 1) expect((await page('/blog/?p=77')).status).toBe(200);
    const slug = await imported('Numbered late', ['/blog/?p=77']);
    for (let i = 0; i < 3; i += 1) await page('/blog/');
    expect((await page('/blog/?p=77')).headers.get('location')).toBe(`/blog/posts/${slug}`);
  });

  it('leads from the numbers of WordPress, on the front page and on that of the blog', async () => {
    const slug = await imported('Numbered', ['/?p=123', '/blog/?p=45']);
    for (const path of [
      '/?p=123',
      '/?utm_source=x&p=123',
      '/index.html?p=123',
      '/blog/?p=45',
      '/blog?p=45',
    ]) {
      const { status, headers } = await page(path);
      expect([path, status, headers.get('location')]).toEqual([path, 301, `/blog/posts/${slug}`]);
    }
    expect((await page('/?p=124')).headers.get('location')).toBe('/blog/');
    expect((await page('/blog/?p=123')).status).toBe(200);
  });

  it('leads from where posts of this blog are now, when the old blog had the same layout', async () => {
    expect((await page('/blog/posts/old-layout')).status).toBe(404);
    const slug = await imported('New layout', ['/blog/posts/old-layout']);
    const { status, headers } = await page('/blog/posts/old-layout');
    expect([status, headers.get('location')]).toEqual([301, `/blog/posts/${slug}`]);
  });

  it('is nothing when the post is gone, or for other methods', async () => {
    await imported('Soon gone', ['/soon/gone']);
    expect((await api(inkwell).post('/soon/gone', {})).status).toBe(404);
    expect((await page('/soon/gone')).status).toBe(301);
    await api(inkwell).delete('/blog/api/posts/soon-gone', ada.token);
    const { status, headers } = await page('/soon/gone');
    expect(status).toBe(404);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('does not turn a method that is missing into a path that is missing', async () => {
    const { status, headers } = await page('/api/register');
    expect([status, headers.get('allow')]).toEqual([405, 'POST']);
  });
});
