import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { login, promote, type Session } from '../support/accounts.js';
import { api } from '../support/api.js';
import { query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { signedIn, StudioBrowser, type StudioAnswer } from '../support/studio.js';
import { type PostDetail, pathOf, written } from '../blog/posts.js';

let inkwell: Inkwell;
let ada: StudioBrowser;
let session: Session;
beforeAll(async () => {
  inkwell = await startInkwell();
  ada = await signedIn(inkwell, 'ada');
  session = await login(inkwell, 'ada');
});
afterAll(() => inkwell.close());

const NEW = '/studio/posts/new';
const unescaped = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

/** The fields that a browser would send for the form on a page. */
function fieldsOf({ body }: StudioAnswer): Record<string, string> {
  const form = /<form[^>]*id="editor"[^]*?<\/form>/.exec(body)![0];
  const inputs = [...form.matchAll(/<input\b([^>]*)>/g)].map(([, attributes]) => [
    /name="([^"]*)"/.exec(attributes!)![1]!,
    unescaped(/value="([^"]*)"/.exec(attributes!)?.[1] ?? ''),
  ]);
  const areas = [...form.matchAll(/<textarea[^>]*name="([^"]*)"[^>]*>\n?([^]*?)<\/textarea\s*>/g)].map(
    ([, name, text]) => [name!, unescaped(text!).replaceAll('\n', '\r\n')],
  );
  return Object.fromEntries([...inputs, ...areas]) as Record<string, string>;
}

/** Opens a page, types, and presses a button. */
async function type(
  path: string,
  typed: Record<string, string>,
  action: string,
  by = ada,
): Promise<StudioAnswer> {
  return by.post(path, { ...fieldsOf(await by.get(path)), ...typed, action });
}
/** Follows the redirect after a form. */
async function then(answer: StudioAnswer, by = ada): Promise<StudioAnswer> {
  if (answer.status !== 303) throw new Error(`${answer.status}: ${answer.body}`);
  return by.get(answer.location!);
}
const begun = async (typed: Record<string, string>, action = 'save') => {
  const { location } = await type(NEW, typed, action);
  return location!.split('?')[0]!;
};
const postOf = async (path: string) =>
  (await api(inkwell).get<PostDetail>(pathOf(path.split('/').at(-1)!))).body;

describe('the editor without JavaScript', () => {
  it('writes, publishes, updates and unpublishes a post', async () => {
    const typed = {
      ...{
        title: 'On <tea>',
        content: 'First\r\n\r\n*second*',
        category_name: 'Drinks',
        tags: 'Tea, Oolong,, ',
      },
      excerpt: 'Short.',
    };
    const path = await begun(typed, 'publish');
    expect(await postOf(path)).toMatchObject({
      ...{ title: 'On <tea>', content: 'First\n\n*second*', slug: 'on-tea', tags: ['Tea', 'Oolong'] },
      ...{ excerpt: 'Short.', status: 'published' },
    });
    const saved = await then(await type(path, { content: 'Changed.' }, 'save'));
    expect(saved.body).toContain('Unpublished changes');
    expect((await postOf(path)).content).toBe('First\n\n*second*');
    expect(fieldsOf(saved)).toMatchObject({ title: 'On <tea>', content: 'Changed.', tags: 'Tea, Oolong' });
    const updated = await type(path, {}, 'publish');
    expect(updated.location).toBe(`${path}?done=updated`);
    expect((await postOf(path)).content).toBe('Changed.');
    await type(path, { content: 'Thrown away.' }, 'save');
    expect(fieldsOf(await then(await type(path, { content: 'x' }, 'discard')))).toMatchObject({
      content: 'Changed.',
    });
    await type(path, { content: 'A draft again.' }, 'unpublish');
    expect((await api(inkwell).get(pathOf('on-tea'))).status).toBe(404);
    expect(fieldsOf(await ada.get(path))).toMatchObject({ content: 'A draft again.' });
  });

  it('gives the script what it looks for', async () => {
    const path = await begun({ title: 'Hooked' });
    const { body } = await ada.get(path);
    const { etag, base } = fieldsOf(await ada.get(path));
    const form = unescaped(/<form[^>]*id="editor"[^>]*>/.exec(body)![0]);
    const id = path.split('/').at(-1)!;
    for (const attribute of [
      `data-post-id="${id}"`,
      `data-etag="${etag}"`,
      `data-base="${base}"`,
      'data-status="draft"',
    ])
      expect(form).toContain(attribute);
    for (const field of ['title', 'content', 'slug', 'category_name', 'tags', 'excerpt'])
      expect(body).toContain(`id="${field}"`);
    expect(body).toContain('<div id="editor-status" role="status"></div>');
  });

  it('previews what is typed, and saves nothing', async () => {
    const path = await begun({ title: 'Previewed', content: 'Before.' });
    for (const place of [path, NEW]) {
      const page = await type(
        place,
        { title: 'Typed', content: '*After* <script>alert(1)</script>' },
        'preview',
      );
      expect(page.status).toBe(200);
      expect(page.body).toContain('<em>After</em>');
      expect(page.body).not.toContain('<script>alert');
      expect(fieldsOf(page)).toMatchObject({ title: 'Typed', content: '*After* <script>alert(1)</script>' });
    }
    expect(fieldsOf(await ada.get(path))).toMatchObject({ content: 'Before.' });
  });

  it('shows both versions when the form is stale, and loses neither', async () => {
    const path = await begun({ title: 'Two tabs', content: 'Begun.' });
    const stale = fieldsOf(await ada.get(path));
    await type(path, { content: 'Of the other tab.' }, 'save');
    const refused = await ada.post(path, {
      ...stale,
      content: 'Of this tab.',
      tags: 'mine',
      action: 'publish',
    });
    expect(refused.status).toBe(412);
    const kept = fieldsOf(refused);
    expect(kept).toMatchObject({ content: 'Of this tab.', tags: 'mine' });
    expect(refused.body).toMatch(/<textarea id="theirs-content"[^>]*readonly[^>]*>\s*Of the other tab\./);
    expect(fieldsOf(await ada.get(path))).toMatchObject({ content: 'Of the other tab.' });
    expect((await ada.post(path, { ...kept, content: 'Merged.', action: 'publish' })).location).toBe(
      `${path}?done=published`,
    );
    expect((await postOf(path)).content).toBe('Merged.');
  });

  it('shows the published version when that has changed under a working copy', async () => {
    const { id } = await written(inkwell, session, { title: 'Under', content: 'One.' });
    const path = `/studio/posts/${id}`;
    await type(path, { content: 'Mine.' }, 'save');
    await api(inkwell).patch(pathOf(id), { content: 'By the API.' }, session.token);
    const page = await ada.get(path);
    expect(page.body).toMatch(/<textarea id="theirs-content"[^>]*>\s*By the API\./);
    expect(fieldsOf(page)).toMatchObject({ content: 'Mine.' });
    expect((await ada.post(path, { ...fieldsOf(page), content: 'Both.', action: 'publish' })).status).toBe(
      303,
    );
    expect((await postOf(path)).content).toBe('Both.');
  });

  it('keeps what was typed when a field is wrong, and says which', async () => {
    const typed = { title: 'Wrong', content: 'Kept.', slug: 'Not a slug' };
    for (const path of [NEW, await begun({ title: 'Right' })]) {
      const refused = await type(path, typed, 'save');
      expect(refused.status).toBe(422);
      expect(fieldsOf(refused)).toMatchObject(typed);
      expect(refused.body).toContain('id="slug-error"');
    }
    const empty = await type(NEW, { title: 'Empty' }, 'publish');
    expect(empty.status).toBe(422);
    expect(empty.body).toContain('id="content-error"');
  });

  it('takes a long Korean text, and a form sent twice once', async () => {
    const content = '가나다라'.repeat(50_000);
    const form = { ...fieldsOf(await ada.get(NEW)), title: '긴 글', content, action: 'save' };
    const [first, second] = [await ada.post(NEW, form), await ada.post(NEW, form)];
    expect([first.status, second.location]).toEqual([303, first.location]);
    expect(fieldsOf(await then(first))['content']).toBe(content);
    const tooLong = await ada.post(NEW, { ...form, key: 'other', content: `${content}가` });
    expect([tooLong.status, fieldsOf(tooLong)['content']?.length]).toEqual([422, 200_001]);
  });

  it('shares a preview and takes it back', async () => {
    const path = await begun({ title: 'Shared', content: 'Look.' });
    const page = await then(await type(path, {}, 'share'));
    const link = /href="(\/preview\/[\w-]{43})"/.exec(page.body)![1]!;
    expect((await fetch(inkwell.url + link)).status).toBe(200);
    expect((await then(await type(path, {}, 'revoke'))).body).not.toContain('/preview/');
    expect((await fetch(inkwell.url + link)).status).toBe(404);
  });

  it("hides somebody else's draft, and leaves it alone", async () => {
    const path = await begun({ title: 'Private', content: 'Mine.' });
    const eve = await signedIn(inkwell, 'eve');
    const form = fieldsOf(await ada.get(path));
    for (const answer of [
      await eve.get(path),
      await eve.post(path, { ...form, content: 'Stolen.', action: 'save' }),
      await eve.post(path, { ...form, action: 'preview' }),
      await eve.post(path, { ...form, action: 'trash' }),
    ]) {
      expect(answer.status).toBe(404);
      expect(answer.body).not.toContain('Mine.');
    }
    const other = await ada.post(path, { ...form, author_id: '1', status: 'published' });
    expect(other.status).toBe(303);
    expect(await query(inkwell, `SELECT status, author_id FROM posts WHERE title = 'Private'`)).toMatchObject(
      [{ status: 'draft' }],
    );
    await promote(inkwell, 'eve', 'reader');
    expect((await eve.get(NEW)).status).toBe(403);
    expect((await new StudioBrowser(inkwell).get(NEW)).location).toContain('/studio/sign-in');
  });
});

describe('/studio/posts/trash', () => {
  it('lists what was deleted, and restores it', async () => {
    const path = await begun({ title: 'Thrown & found', content: 'Kept.' });
    const trash = await then(await type(path, { content: 'Last words.' }, 'trash'));
    expect(trash.body).toContain('Thrown &amp; found');
    const page = await ada.get(path);
    expect(page.body).toContain('Last words.');
    const refused = await ada.post(path, {
      title: 'x',
      content: 'Typed meanwhile.',
      etag: '"1-x"',
      action: 'save',
    });
    expect([refused.status, fieldsOf(refused)['content']]).toEqual([409, 'Typed meanwhile.']);
    const restored = await then(await ada.post(`${path}/restore`));
    expect(fieldsOf(restored)).toMatchObject({ title: 'Thrown & found', content: 'Last words.' });
    expect((await ada.get('/studio/posts/trash')).body).not.toContain('Thrown &amp; found');
  });

  it('asks for another address if the old one is taken', async () => {
    const path = await begun({ title: 'Once here', content: 'x' }, 'publish');
    await type(path, {}, 'trash');
    await written(inkwell, session, { slug: 'once-here' });
    const refused = await ada.post(`${path}/restore`);
    expect(refused.status).toBe(409);
    expect(refused.body).toContain('value="once-here-2"');
    expect((await ada.post(`${path}/restore`, { slug: 'once-here-2' })).location).toBe(
      `${path}?done=restored`,
    );
    expect((await postOf(path)).slug).toBe('once-here-2');
  });

  it('shows only one’s own, and speaks Korean', async () => {
    const path = await begun({ title: 'Ada’s own', content: 'x' });
    await type(path, {}, 'trash');
    const min = await signedIn(inkwell, 'min');
    const page = await min.get('/studio/posts/trash', { 'accept-language': 'ko' });
    expect(page.body).toContain('휴지통이 비어 있습니다.');
    expect((await min.get(NEW, { 'accept-language': 'ko' })).body).toContain('제목');
    expect((await min.post(`${path}/restore`)).status).toBe(404);
  });
});
