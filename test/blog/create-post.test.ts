import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, promote, registerAndLogin, removeAccount } from '../support/accounts.js';
import { api } from '../support/documented-api.js';
import { query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { newPost, type PostDetail, POSTS, write, written } from './posts.js';

let inkwell: Inkwell;
let ada: Account;
let reader: Account;
beforeAll(async () => {
  inkwell = await startInkwell();
  [ada, reader] = await Promise.all([registerAndLogin(inkwell, 'ada'), registerAndLogin(inkwell, 'rita')]);
  await promote(inkwell, 'rita', 'reader');
});
afterAll(() => inkwell.close());

const rowsOf = (table: string) => query<{ count: string }>(inkwell, `SELECT count(*) FROM ${table}`);

describe('POST /blog/api/posts', () => {
  it('answers 201 with the whole post, its address and its version', async () => {
    const response = await api(inkwell).post<PostDetail>(
      POSTS,
      {
        title: '  Hello, *World*  ',
        content: '# One\n\ntwo <script>x()</script>',
        tags: ['Node.js', ' 한글 '],
      },
      ada.token,
    );
    expect(response.status).toBe(201);
    expect(response.body).toEqual({
      id: expect.any(Number),
      slug: 'hello-world',
      title: 'Hello, *World*',
      content: '# One\n\ntwo <script>x()</script>',
      excerpt: 'One two',
      content_html: '<h1>One</h1>\n<p>two </p>\n',
      author: 'ada',
      author_display_name: 'ada',
      category: { id: 1, name: 'General', slug: 'general' },
      tags: ['Node.js', '한글'],
      status: 'published',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      published_at: response.body.created_at,
      updated_at: response.body.created_at,
    });
    expect(response.headers.get('location')).toBe(`${POSTS}/${response.body.id}`);
    expect(response.headers.get('etag')).toMatch(/^"1-[\w-]+"$/);
    expect(response.headers.get('cache-control')).toBe('private, no-store');
  });

  it('gives the ETag that a GET of the post gives', async () => {
    const made = await write(inkwell, ada);
    const read = await api(inkwell).get(made.headers.get('location')!);
    expect(read.headers.get('etag')).toBe(made.headers.get('etag'));
  });

  it.each([
    ['안녕하세요, 세계', 'annyeonghaseyo-segye'],
    ['Ένας ελληνικός τίτλος', 'enas-ellinikos-titlos'],
    ['1984', 'post-1984'],
    ['🚀', 'rocket'],
    ['?!', 'post'],
  ])('makes of the title %s the slug %s', async (title, slug) => {
    expect((await written(inkwell, ada, { title })).slug).toBe(slug);
  });

  it('numbers the slugs of posts of one title', async () => {
    const slugs = [];
    for (let i = 0; i < 3; i += 1) slugs.push((await written(inkwell, ada, { title: 'Again' })).slug);
    expect(slugs).toEqual(['again', 'again-2', 'again-3']);
  });

  it('gives twelve posts of one title at the same moment twelve slugs', async () => {
    const made = await Promise.all(
      Array.from({ length: 12 }, () => written(inkwell, ada, { title: 'Rush' })),
    );
    expect(new Set(made.map((post) => post.slug)).size).toBe(12);
    expect(made.every((post) => /^rush(-\d+)?$/.test(post.slug))).toBe(true);
  });

  it('keeps a numbered slug within 100 characters', async () => {
    const title = 'a'.repeat(150);
    await written(inkwell, ada, { title });
    expect((await written(inkwell, ada, { title })).slug).toBe(`${'a'.repeat(98)}-2`);
  });

  it('takes the slug it is given, or answers 409 when that is taken', async () => {
    expect((await written(inkwell, ada, { slug: 'my-own' })).slug).toBe('my-own');
    const second = await write(inkwell, ada, { slug: 'my-own' });
    expect(second).toMatchObject({ status: 409, body: { code: 'post.slug_taken' } });
  });

  it('gives a slug that several ask for at the same moment to one of them', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => write(inkwell, ada, { slug: 'prize' })));
    expect(made.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
  });

  it('makes a category by its name, and finds it again in whatever case', async () => {
    const made = await written(inkwell, ada, { category_name: ' Travel Notes ' });
    expect(made.category).toEqual({ id: expect.any(Number), name: 'Travel Notes', slug: 'travel-notes' });
    const again = await written(inkwell, ada, { category_name: 'TRAVEL notes' });
    expect(again.category).toEqual(made.category);
    expect((await written(inkwell, ada, { category_id: made.category.id })).category).toEqual(made.category);
  });

  it('takes composed and decomposed names for the same ones', async () => {
    const [mac, other] = ['한국 여행'.normalize('NFD'), '한국 여행'];
    const [one, two] = [
      await written(inkwell, ada, { category_name: mac, tags: [mac] }),
      await written(inkwell, ada, { category_name: other, tags: [other] }),
    ];
    expect(one.category).toEqual(two.category);
    expect(one.tags).toEqual([other]);
  });

  it('is refused or done, never broken, while its author deletes the account', async () => {
    for (let round = 0; round < 8; round += 1) {
      const leaving = await registerAndLogin(inkwell, `leaving-${round}`);
      const [removed, ...made] = await Promise.all([
        removeAccount(inkwell, leaving.id, leaving.token),
        ...Array.from({ length: 4 }, () => write(inkwell, leaving, { category_name: 'Farewell' })),
      ]);
      expect(removed.status).toBe(204);
      expect(made.filter(({ status }) => status !== 201 && status !== 401)).toEqual([]);
    }
    const orphans = await query(
      inkwell,
      `SELECT FROM posts WHERE author_id IS NOT NULL AND NOT EXISTS (SELECT FROM users WHERE id = author_id)`,
    );
    expect(orphans).toEqual([]);
  });

  it('takes tags of one slug for one tag', async () => {
    expect((await written(inkwell, ada, { tags: ['Node.js', 'node js', '2024'] })).tags).toEqual([
      'Node.js',
      '2024',
    ]);
  });

  it('counts characters, not UTF-16 units or bytes', async () => {
    const made = await write(inkwell, ada, { title: '🚀'.repeat(200), content: '한'.repeat(200_000) });
    expect(made.status).toBe(201);
    expect(made.body.content).toHaveLength(200_000);
  });

  it('indexes 200,000 different pairs of Korean characters', async () => {
    const content = Array.from({ length: 200_000 }, (_, i) =>
      String.fromCharCode(0xac00 + ((i * 7919 + (i >> 4)) % 11_172)),
    ).join('');
    const made = await write(inkwell, ada, { title: '다양한 글자', content });
    expect(made.status).toBe(201);
    const found = await api(inkwell).get<unknown[]>(`${POSTS}?q=${encodeURIComponent('다양한')}`);
    expect(found.body).toHaveLength(1);
  });

  it('keeps a draft to its author', async () => {
    const draft = await written(inkwell, ada, { status: 'draft' });
    expect(draft.status).toBe('draft');
    expect((await api(inkwell).get(`${POSTS}/${draft.id}`)).status).toBe(404);
  });

  it('asks for a login with 401 and for the role author with 403', async () => {
    const before = await rowsOf('posts');
    const anonymous = await api(inkwell).post(POSTS, newPost());
    expect(anonymous).toMatchObject({ status: 401, body: { code: 'auth.required' } });
    expect(await write(inkwell, reader)).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } });
    expect(await rowsOf('posts')).toEqual(before);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['no title', { title: undefined }, '/title'],
    ['a title of spaces', { title: ' \t\n ' }, '/title'],
    ['a title of what cannot be seen', { title: '\u200b\u3164\u00ad' }, '/title'],
    ['a title of 201 characters', { title: 'a'.repeat(201) }, '/title'],
    ['a title that is a number', { title: 7 }, '/title'],
    ['no content', { content: undefined }, '/content'],
    ['content of spaces', { content: '  \n ' }, '/content'],
    ['content of 200,001 characters', { content: 'a'.repeat(200_001) }, '/content'],
    ['a category name of 51 characters', { category_name: 'a'.repeat(51) }, '/category_name'],
    ['a category name of spaces', { category_name: ' ' }, '/category_name'],
    ['two categories', { category_name: 'a', category_id: 1 }, '/category_id'],
    ['a category id past int4', { category_id: 2 ** 31 }, '/category_id'],
    ['a category id past 2^53', { category_id: 2 ** 53 + 2 }, '/category_id'],
    ['a category id of 1.5', { category_id: 1.5 }, '/category_id'],
    ['11 tags', { tags: Array.from({ length: 11 }, (_, i) => `t${i}`) }, '/tags'],
    ['an empty tag', { tags: ['a', ' '] }, '/tags/1'],
    ['a tag of 51 characters', { tags: ['a'.repeat(51)] }, '/tags/0'],
    ['a slug of digits', { slug: '2024' }, '/slug'],
    ['a slug with capitals', { slug: 'My-Post' }, '/slug'],
    ['a slug with a stroke', { slug: 'a/b' }, '/slug'],
    ['a slug of 101 characters', { slug: 'a'.repeat(101) }, '/slug'],
    ['an empty slug', { slug: '' }, '/slug'],
    ['an unknown status', { status: 'hidden' }, '/status'],
    ['null', { tags: null }, '/tags'],
    ['an unknown member', { author: 'eve' }, '/author'],
  ])('refuses %s with 400 and changes nothing', async (_, changes, pointer) => {
    const before = await Promise.all([rowsOf('posts'), rowsOf('categories'), rowsOf('outbox')]);
    const response = await write(inkwell, ada, changes);
    expect(response).toMatchObject({
      status: 400,
      body: {
        code: 'request.invalid',
        errors: expect.arrayContaining([expect.objectContaining({ pointer })]),
      },
    });
    expect(await Promise.all([rowsOf('posts'), rowsOf('categories'), rowsOf('outbox')])).toEqual(before);
  });

  it('refuses a category that does not exist with 422', async () => {
    const response = await write(inkwell, ada, { category_id: 999_999 });
    expect(response).toMatchObject({ status: 422, body: { code: 'category.not_found' } });
  });

  it.each<[string, string, string, number]>([
    ['no body', 'application/json', '', 400],
    ['broken JSON', 'application/json', '{"title":', 400],
    ['an array', 'application/json', '[]', 400],
    ['__proto__', 'application/json', '{"title":"a","content":"b","__proto__":{"x":1}}', 400],
    ['NUL', 'application/json', '{"title":"a\\u0000","content":"b"}', 400],
    ['a lone surrogate', 'application/json', '{"title":"a\\ud800","content":"b"}', 400],
    ['10,000-deep JSON', 'application/json', `{"title":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 400],
    ['text', 'text/plain', 'title', 415],
    ['a form', 'application/x-www-form-urlencoded', 'title=a&content=b', 415],
    ['4 MB', 'application/json', JSON.stringify(newPost({ content: 'a'.repeat(4_000_000) })), 413],
  ])('refuses %s as a problem', async (_, type, body, status) => {
    const response = await api({ url: inkwell.urlOf(POSTS) }).post(POSTS, body, ada.token, {
      'content-type': type,
    });
    expect(response).toMatchObject({ status, body: { status } });
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });
});
