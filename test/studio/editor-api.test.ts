import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, login, promote } from '../support/accounts.js';
import { api } from '../support/api.js';
import { outboxOf, query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { signedIn, type StudioBrowser } from '../support/studio.js';
import { pathOf, written } from '../blog/posts.js';
import { call, editorOf, PATH } from './editor-calls.js';

let inkwell: Inkwell;
let ada: StudioBrowser;
let eve: StudioBrowser;
let root: StudioBrowser;
let token: Pick<Account, 'token'>;
beforeAll(async () => {
  inkwell = await startInkwell();
  [ada, eve, root] = [
    await signedIn(inkwell, 'ada'),
    await signedIn(inkwell, 'eve'),
    await signedIn(inkwell, 'rooty'),
  ];
  await promote(inkwell, 'rooty', 'admin');
  token = await login(inkwell, 'ada');
});
afterAll(() => inkwell.close());

const { begin, open, save, publish } = editorOf(() => ({ ada }));
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
    const first = await save(document.id, text, etag, { key: 'lost-answer' });
    const again = await save(document.id, text, etag, { key: 'lost-answer' });
    expect([again.status, again.etag, again.document]).toEqual([200, first.etag, first.document]);
    expect(await save(document.id, text, etag)).toMatchObject({ status: 200, etag: first.etag });
    const next = await save(document.id, { ...text, content: 'Next.' }, first.etag);
    // The repeated answer is that of the save, so that its client notices the change since.
    const late = await save(document.id, text, etag, { key: 'lost-answer' });
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

  it('is not saved under the session of another account that has signed in to the browser since', async () => {
    const { document, headers } = await begin();
    const of = (userId: number) => ({
      'x-studio-account': String(userId),
      'if-match': headers.get('etag')!,
      'idempotency-key': `of-${userId}`,
    });
    const [account] = await query<{ id: number }>(inkwell, `SELECT id FROM users WHERE username = 'ada'`);
    const text = { ...document.text, content: 'Mine.' };
    const path = `${PATH}/${document.id}/text`;
    // An administrator could change the post.
    expect((await root.call('PUT', path, text, of(account!.id))).status).toBe(401);
    expect((await open(document.id)).document.text.content).toBe('');
    expect((await ada.call('PUT', path, text, of(account!.id))).status).toBe(200);
  });

  it('does not exist for others, and cannot be changed by them', async () => {
    const { document, etag } = await begin();
    for (const refused of [
      await open(document.id, eve),
      await save(document.id, { title: 'x' }, etag, { by: eve }),
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
