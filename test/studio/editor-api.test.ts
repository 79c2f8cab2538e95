import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EditableText, EditedDocument } from '../../src/blog/editing.service.js';
import { type Account, login, promote } from '../support/accounts.js';
import { api } from '../support/api.js';
import { outboxOf, query } from '../support/database.js';
import { untilHits } from '../support/hits.js';
import { type Inkwell, LONG_LEASE, startInkwell } from '../support/start-inkwell.js';
import { signedIn, type StudioBrowser } from '../support/studio.js';
import { pathOf, POSTS, written } from '../blog/posts.js';

let inkwell: Inkwell;
let ada: StudioBrowser;
let eve: StudioBrowser;
let root: StudioBrowser;
let token: Pick<Account, 'token'>;
beforeAll(async () => {
  inkwell = await startInkwell(LONG_LEASE);
  [ada, eve, root] = [
    await signedIn(inkwell, 'ada'),
    await signedIn(inkwell, 'eve'),
    await signedIn(inkwell, 'rooty'),
  ];
  await promote(inkwell, 'rooty', 'admin');
  token = await login(inkwell, 'ada');
});
afterAll(() => inkwell.close());

interface Called {
  readonly status: number;
  readonly etag: string;
  readonly headers: Headers;
  readonly document: EditedDocument;
  readonly problem: { code: string; current?: EditedDocument; errors?: { pointer: string }[] };
}

const PATH = '/studio/api/posts';
let keys = 0;

async function call(
  by: StudioBrowser,
  method: string,
  path: string,
  body?: unknown,
  { ifMatch, key }: { ifMatch?: string | undefined; key?: string } = {},
): Promise<Called> {
  const answer = await by.call(method, PATH + path, body, {
    accept: 'application/json',
    ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    'idempotency-key': key ?? `key-${(keys += 1)}`,
  });
  const parsed = (answer.body === '' ? undefined : JSON.parse(answer.body)) as never;
  const { status, headers } = answer;
  return { status, headers, etag: headers.get('etag') ?? '', document: parsed, problem: parsed };
}

const open = (id: number, by = ada) => call(by, 'GET', `/${id}`);
const begin = async (text: object = { title: 'Untitled' }, by = ada) => call(by, 'POST', '', text);
const save = (id: number, text: object, ifMatch?: string, key?: string, by = ada) =>
  call(by, 'PUT', `/${id}/text`, text, { ifMatch, ...(key === undefined ? {} : { key }) });
const publish = (id: number, ifMatch?: string, by = ada) =>
  call(by, 'POST', `/${id}/publish`, undefined, { ifMatch });
const publicText = async (id: number) =>
  (await api(inkwell).get<{ title: string; content: string; slug: string }>(pathOf(id))).body;

describe('a draft', () => {
  it('is begun empty, saved, and published, and tells nobody before that', async () => {
    let id = 0;
    let etag = '';
    const events = await outboxOf(inkwell, async () => {
      const begun = await begin();
      expect([begun.status, begun.headers.get('cache-control')]).toEqual([201, 'no-store']);
      ({ id } = begun.document);
      expect(begun.headers.get('location')).toBe(`${PATH}/${id}`);
      expect(begun.document).toMatchObject({
        ...{
          status: 'draft',
          has_working_copy: false,
          published: null,
          published_at: null,
          trashed_at: null,
        },
        text: {
          title: 'Untitled',
          content: '',
          slug: 'untitled',
          category_name: 'General',
          tags: [],
          excerpt: null,
        },
      });
      const text = {
        title: 'On oolong',
        content: 'Steep.',
        tags: ['Tea'],
        category_name: 'Brand new',
        excerpt: 'Short.',
      };
      const saved = await save(id, text, begun.etag);
      expect(saved).toMatchObject({ status: 200, document: { text: { ...text, slug: 'on-oolong' } } });
      expect(saved.etag).not.toBe(begun.etag);
      expect(saved.document.post_etag).toBe(saved.document.base);
      expect((await open(id)).etag).toBe(saved.etag);
      ({ etag } = saved);
    });
    expect(events).toEqual([]);
    const announced = await outboxOf(inkwell, async () => {
      expect(await publish(id, etag)).toMatchObject({ status: 200, document: { status: 'published' } });
    });
    expect(announced.map(({ event }) => event)).toEqual(['category.created', 'post.published']);
    expect(await publicText(id)).toMatchObject({ title: 'On oolong', slug: 'on-oolong', excerpt: 'Short.' });
  });

  it('cannot be published empty', async () => {
    const { document, etag } = await begin({ title: 'Nothing' });
    const refused = await publish(document.id, etag);
    expect([refused.status, refused.problem.code]).toEqual([422, 'post.invalid_text']);
    expect(refused.problem.errors).toMatchObject([{ pointer: '/content' }]);
    const patched = await api(inkwell).patch(pathOf(document.id), { status: 'published' }, token.token);
    expect(patched.status).toBe(422);
  });

  it('names every invalid field with 422, and refuses unknown members with 400', async () => {
    const { document, etag } = await begin();
    const refused = await save(
      document.id,
      { title: ' ', slug: 'Nö', tags: [''], excerpt: 'x'.repeat(201) },
      etag,
    );
    expect(refused.status).toBe(422);
    expect(refused.problem.errors?.map(({ pointer }) => pointer)).toEqual([
      '/title',
      '/slug',
      '/tags/0',
      '/excerpt',
    ]);
    for (const more of [{ author_id: 1 }, { status: 'published' }, { id: 7 }, { version: 9 }])
      expect((await save(document.id, { title: 'x', ...more }, etag)).status).toBe(400);
    expect((await open(document.id)).etag).toBe(etag);
  });

  it('takes a save again whose answer was lost, with and without its key', async () => {
    const { document, etag } = await begin();
    const text = { title: 'Lost', content: 'Answer.' };
    const first = await save(document.id, text, etag, 'lost-answer');
    const again = await save(document.id, text, etag, 'lost-answer');
    expect([again.status, again.etag, again.document]).toEqual([200, first.etag, first.document]);
    expect(await save(document.id, text, etag)).toMatchObject({ status: 200, etag: first.etag });
    const next = await save(document.id, { ...text, content: 'Next.' }, first.etag);
    // The repeated answer is that of the save, so that its client notices the change since.
    const late = await save(document.id, text, etag, 'lost-answer');
    expect([late.etag, late.document.text.content]).toEqual([first.etag, 'Answer.']);
    const refused = await save(document.id, { ...text, content: 'Other.' }, late.etag);
    expect([refused.status, refused.etag, refused.problem.code]).toEqual([
      412,
      next.etag,
      'post.version_mismatch',
    ]);
    expect(refused.problem.current).toEqual(next.document);
    expect((await save(document.id, text)).status).toBe(428);
  });

  it('is no conflict when others rename what it shows', async () => {
    const { document, etag } = await begin({ title: 'Renamed around', category_name: 'General' });
    await query(inkwell, `UPDATE users SET display_name = 'Ada L.' WHERE username = 'ada'`);
    await query(inkwell, `UPDATE posts SET slug = 'made-way' WHERE id = $1`, [document.id]);
    expect((await save(document.id, { title: 'Renamed around', content: 'On.' }, etag)).status).toBe(200);
  });

  it('does not exist for others, and cannot be changed by them', async () => {
    const { document, etag } = await begin();
    for (const refused of [
      await open(document.id, eve),
      await save(document.id, { title: 'x' }, etag, undefined, eve),
      await publish(document.id, etag, eve),
      await call(eve, 'DELETE', `/${document.id}`),
      await call(eve, 'POST', `/${document.id}/preview-link`),
      await call(eve, 'POST', `/${document.id}/restore`, {}),
    ])
      expect([refused.status, refused.problem.code]).toEqual([404, 'post.not_found']);
    expect((await open(document.id, root)).status).toBe(200);
    await promote(inkwell, 'eve', 'reader');
    expect((await open(document.id, eve)).status).toBe(403);
    await promote(inkwell, 'eve', 'author');
  });
});

describe('a published post', () => {
  it('is edited where nobody sees it: no event, no change of any cached answer', async () => {
    const post = await written(inkwell, token, { title: 'Public', content: 'Old.', category_name: 'Seen' });
    const paths = [pathOf(post.id), POSTS, '/blog/', `/blog/posts/${post.slug}`, '/blog/api/categories'];
    const before = [];
    for (const path of paths) before.push(await (await untilHits(() => fetch(inkwell.url + path))).text());
    const { etag, document } = await open(post.id);
    const events = await outboxOf(inkwell, async () => {
      const text = {
        title: 'Secret',
        content: 'New.',
        slug: 'secret',
        category_name: 'Hidden',
        tags: ['hush'],
      };
      const saved = await save(post.id, text, etag);
      expect(saved.document).toMatchObject({
        ...{ status: 'published', has_working_copy: true, base: document.post_etag, text },
        published: { title: 'Public', content: 'Old.' },
      });
      expect((await save(post.id, { ...text, content: 'Newer.' }, saved.etag)).status).toBe(200);
      expect((await save(post.id, { ...text, content: 'Stale.' }, saved.etag)).status).toBe(412);
    });
    expect(events).toEqual([]);
    for (const [i, path] of paths.entries()) {
      const response = await fetch(inkwell.url + path);
      expect([response.headers.get('cache-status'), await response.text()]).toEqual([
        'inkwell; hit',
        before[i],
      ]);
    }
    expect(await query(inkwell, `SELECT FROM categories WHERE name = 'Hidden'`)).toHaveLength(0);
  });

  it('takes its working copy with all that belongs to a change', async () => {
    const post = await written(inkwell, token, {
      title: 'First',
      content: 'One.',
      category_name: 'Left behind',
    });
    const { etag } = await open(post.id);
    const text = {
      title: 'Second',
      content: 'Two 두번째.',
      slug: 'the-second',
      category_name: 'Arrived',
      tags: ['B'],
    };
    const saved = await save(post.id, text, etag);
    const events = await outboxOf(inkwell, async () => {
      const updated = await publish(post.id, saved.etag);
      expect(updated.document).toMatchObject({ has_working_copy: false, text, published: text });
      expect(updated.etag).toBe(updated.document.post_etag);
    });
    expect(events.map(({ event }) => event)).toEqual([
      'category.created',
      'category.removed',
      'post.revised',
    ]);
    expect(await publicText(post.id)).toMatchObject({ title: 'Second', slug: 'the-second' });
    const moved = await fetch(`${inkwell.url}/blog/posts/${post.slug}`, { redirect: 'manual' });
    expect(moved.headers.get('location')).toBe('/blog/posts/the-second');
    const found = await api(inkwell).get<{ id: number }[]>(`${POSTS}?q=두번째`);
    expect(found.body.map(({ id }) => id)).toContain(post.id);
  });

  it('is not overwritten if it has changed under its working copy, until that is based on it', async () => {
    const post = await written(inkwell, token, { title: 'Contested', content: 'One.' });
    const { etag } = await open(post.id);
    const saved = await save(post.id, { content: 'Mine.' }, etag);
    await api(inkwell).patch(pathOf(post.id), { content: 'Theirs.' }, token.token);
    const refused = await publish(post.id, saved.etag);
    expect([refused.status, refused.problem.code]).toEqual([412, 'post.version_mismatch']);
    const current = refused.problem.current!;
    expect([current.text.content, current.published?.content]).toEqual(['Mine.', 'Theirs.']);
    expect(current.base).not.toBe(current.post_etag);
    expect((await save(post.id, { content: 'Both.' }, saved.etag, undefined)).status).toBe(200);
    const again = await open(post.id);
    expect((await publish(post.id, again.etag)).status).toBe(412);
    expect(
      (
        await call(
          ada,
          'PUT',
          `/${post.id}/text`,
          { content: 'Both.', base: '"9-nonsense"' },
          { ifMatch: again.etag },
        )
      ).status,
    ).toBe(412);
    const rebased = await save(post.id, { content: 'Both.', base: again.document.post_etag }, again.etag);
    expect(rebased.document.base).toBe(rebased.document.post_etag);
    expect((await publish(post.id, rebased.etag)).status).toBe(200);
    expect((await publicText(post.id)).content).toBe('Both.');
  });

  it('lets one of two people publish who do so at once', async () => {
    const post = await written(inkwell, token, { title: 'Raced', content: 'One.' });
    const { etag } = await open(post.id);
    const saved = await save(post.id, { content: 'Two.' }, etag);
    const both = await Promise.all([publish(post.id, saved.etag), publish(post.id, saved.etag, root)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
    const loser = both.find(({ status }) => status === 412)!;
    expect(loser.problem.current?.text.content).toBe('Two.');
  });

  it('forgets its working copy, or becomes a draft with it', async () => {
    const post = await written(inkwell, token, { title: 'Undecided', content: 'One.' });
    const { etag } = await open(post.id);
    const saved = await save(post.id, { content: 'Two.' }, etag);
    const discarded = await call(ada, 'DELETE', `/${post.id}/text`, undefined, { ifMatch: saved.etag });
    expect(discarded).toMatchObject({
      status: 200,
      etag,
      document: { has_working_copy: false, text: { content: 'One.' } },
    });
    const changed = await save(post.id, { content: 'Three.' }, etag);
    const events = await outboxOf(inkwell, async () => {
      const draft = await call(ada, 'POST', `/${post.id}/unpublish`, undefined, { ifMatch: changed.etag });
      expect(draft.document).toMatchObject({ status: 'draft', published: null, text: { content: 'Three.' } });
    });
    expect(events.map(({ event }) => event)).toEqual(['post.unpublished']);
    expect((await api(inkwell).get(pathOf(post.id))).status).toBe(404);
  });

  it('keeps its working copy when it is unpublished elsewhere, in the trash and on its way back', async () => {
    const post = await written(inkwell, token, { title: 'Kept', content: 'One.' });
    const saved = await save(post.id, { content: 'Two.' }, (await open(post.id)).etag);
    await api(inkwell).patch(pathOf(post.id), { status: 'draft' }, token.token);
    expect(await open(post.id)).toMatchObject({ etag: saved.etag, document: { text: { content: 'Two.' } } });
    expect((await call(ada, 'DELETE', `/${post.id}`, undefined, { ifMatch: saved.etag })).status).toBe(204);
    for (const refused of [
      await save(post.id, { content: 'Three.' }, saved.etag),
      await publish(post.id, saved.etag),
    ])
      expect([refused.status, refused.problem.code]).toEqual([409, 'post.in_trash']);
    expect((await open(post.id)).document).toMatchObject({
      ...{ id: post.id, trashed_at: expect.stringMatching(/Z$/), text: { content: 'Two.', title: 'Kept' } },
    });
    const restored = await call(ada, 'POST', `/${post.id}/restore`, {});
    expect(restored.document).toMatchObject({ trashed_at: null, status: 'draft', text: { content: 'Two.' } });
    const published = await publish(post.id, restored.etag);
    expect(published).toMatchObject({
      status: 200,
      document: { text: { content: 'Two.' } satisfies Partial<EditableText> },
    });
  });
});

describe('helpers of the editor', () => {
  it('render a text as readers see it', async () => {
    const { body } = await ada.call('POST', '/studio/api/preview', { content: '*Tea* <script>x</script>' });
    expect((JSON.parse(body) as { html: string }).html.trim()).toBe('<p><em>Tea</em> </p>');
  });

  it('complete tags and categories, and know nothing of drafts of others', async () => {
    await written(inkwell, token, { tags: ['Suggested'], category_name: 'Suggestions' });
    await written(inkwell, token, {
      tags: ['Suggested secret'],
      category_name: 'Suggested secret',
      status: 'draft',
    });
    const names = async (by: StudioBrowser, search: string) =>
      (JSON.parse((await by.call('GET', `/studio/api/suggest?${search}`)).body) as { name: string }[]).map(
        ({ name }) => name,
      );
    expect(await names(eve, 'tags=sugg')).toEqual(['Suggested']);
    expect(await names(ada, 'tags=sugg')).toEqual(['Suggested', 'Suggested secret']);
    expect(await names(eve, 'categories=SUGG')).toEqual(['Suggestions']);
    expect(await names(ada, 'categories=sugg')).toEqual(['Suggestions', 'Suggested secret']);
  });
});
