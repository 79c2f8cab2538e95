import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ImportedPost, PostsService } from '../../src/blog/posts.service.js';
import { TransactionRunner } from '../../src/platform/outbox/transaction-runner.js';
import { type Account, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/documented-api.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import {
  changesOf,
  newPost,
  pathOf,
  type PostDetail,
  POSTS,
  type PostSummary,
  write,
  written,
} from './posts.js';

let inkwell: Inkwell;
let ada: Account;
beforeAll(async () => {
  inkwell = await startInkwell();
  ada = await registerAndLogin(inkwell, 'ada');
});
afterAll(() => inkwell.close());

const { patch, etagOf } = changesOf(() => ({ inkwell, ada }));
const inList = async (id: number): Promise<string | undefined> =>
  (await api(inkwell).get<PostSummary[]>(`${POSTS}?limit=100`)).body.find((post) => post.id === id)?.excerpt;
const alone = async (id: number): Promise<string> =>
  (await api(inkwell).get<PostDetail>(pathOf(id))).body.excerpt;
const onPage = async (slug: string): Promise<string | undefined> => {
  const page = await (await fetch(`${inkwell.url}/blog/posts/${slug}`)).text();
  return /<meta name="description" content="([^"]*)"/.exec(page)?.[1];
};

describe('the excerpt of a post', () => {
  it('is the beginning of the text until the author writes one', async () => {
    const { id, excerpt } = await written(inkwell, ada, { content: 'Boil *water*.' });
    expect([excerpt, await inList(id), await alone(id)]).toEqual(Array(3).fill('Boil water.'));
  });

  it('is what the author wrote, in lists, on its own and on its page', async () => {
    const { id, slug, excerpt } = await written(inkwell, ada, { excerpt: '  How to make <tea>. ' });
    expect([excerpt, await inList(id), await alone(id)]).toEqual(Array(3).fill('How to make <tea>.'));
    expect(await onPage(slug)).toBe('How to make &lt;tea&gt;.');
  });

  it('changes everywhere at once, and stays when only the text changes', async () => {
    const { id } = await written(inkwell, ada, { excerpt: 'First.' });
    expect([await inList(id), await alone(id)]).toEqual(['First.', 'First.']);
    expect((await patch(id, { excerpt: 'Second.' })).body.excerpt).toBe('Second.');
    expect([await inList(id), await alone(id)]).toEqual(['Second.', 'Second.']);
    await patch(id, { content: 'Another text.' });
    expect([await inList(id), await alone(id)]).toEqual(['Second.', 'Second.']);
  });

  it.each([null, '', ' \u200b\n'])('becomes the beginning of the text again with %j', async (none) => {
    const { id } = await written(inkwell, ada, { excerpt: 'Mine.', content: 'Before.' });
    await patch(id, { content: 'The newest text.' });
    expect((await patch(id, { excerpt: none })).body.excerpt).toBe('The newest text.');
    expect(await inList(id)).toBe('The newest text.');
  });

  it('makes no new version when it is written again as it is', async () => {
    const { id } = await written(inkwell, ada, { excerpt: 'Mine.' });
    const etag = await etagOf(id);
    await patch(id, { excerpt: ' Mine. ' });
    expect(await etagOf(id)).toBe(etag);
    await patch(id, { excerpt: 'Other.' });
    expect(await etagOf(id)).not.toBe(etag);
  });

  it('goes with a PUT that has none', async () => {
    const { id } = await written(inkwell, ada, { excerpt: 'Mine.' });
    const put = (body: object) => api(inkwell).put<PostDetail>(pathOf(id), body, ada.token);
    expect((await put({ ...newPost(), excerpt: 'Yours.' })).body.excerpt).toBe('Yours.');
    expect((await put(newPost({ content: 'Text.' }))).body.excerpt).toBe('Text.');
  });

  it('has up to 200 characters, however many units of UTF-16 those take', async () => {
    expect((await write(inkwell, ada, { excerpt: `  ${'🍵'.repeat(200)}  ` })).status).toBe(201);
    const refused = await write(inkwell, ada, { excerpt: 'x'.repeat(201) });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ pointer: '/excerpt' }] } });
  });

  it.each([1, ['x'], {}, true, 'a\0b', '\ud800'])('cannot be %j', async (excerpt) => {
    expect((await write(inkwell, ada, { excerpt })).status).toBe(400);
  });

  it('comes along with an import', async () => {
    const posts = ['Brought along.', undefined].map((excerpt, i): ImportedPost => ({
      sourceKey: `excerpt ${i}`,
      title: 'Imported',
      content: 'The text.',
      contentFormat: 'markdown',
      ...(excerpt === undefined ? {} : { excerpt }),
      authorId: ada.id,
      tags: [],
      status: 'published',
      createdAt: new Date(),
      updatedAt: new Date(),
      formerPaths: [],
    }));
    const service = inkwell.app.get(PostsService);
    const made = await inkwell.app.get(TransactionRunner).run((tx) => service.importBatch(tx, posts));
    expect(await Promise.all(made.map(({ id }) => alone(id)))).toEqual(['Brought along.', 'The text.']);
  });
});
