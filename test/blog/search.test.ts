import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { POSTS, titlesFrom, written } from './posts.js';

let inkwell: Inkwell;
let ada: Account;

beforeAll(async () => {
  inkwell = await startInkwell();
  ada = await registerAndLogin(inkwell, 'ada');
  await written(inkwell, ada, {
    title: '한국어를 배우는 방법',
    content: '관계형데이터베이스에서 책을 읽었다.',
  });
  await written(inkwell, ada, { title: '東京タワー', content: '夜景がきれいです。' });
  await written(inkwell, ada, {
    title: 'PostgreSQL internals',
    content: 'A **heap** of `pages`.',
    tags: ['Café'],
  });
  await written(inkwell, ada, { title: 'Ελληνική οδός', content: 'Καλημέρα κόσμε' });
  await written(inkwell, ada, {
    title: 'C and Caml',
    content: 'Two languages, <a href="https://secret.example">one</a>',
  });
  await written(inkwell, ada, { title: 'A draft of PostgreSQL', status: 'draft' });
});
afterAll(() => inkwell.close());

const search = (q: string, more = '') => titlesFrom(inkwell, `${POSTS}?q=${encodeURIComponent(q)}${more}`);

describe('GET /blog/api/posts?q=', () => {
  it.each([
    ['a word before its particle', '한국어', '한국어를 배우는 방법'],
    ['a word of two characters', '책을', '한국어를 배우는 방법'],
    ['one character', '책', '한국어를 배우는 방법'],
    ['a word within a compound', '데이터베이스', '한국어를 배우는 방법'],
    ['words of title and text', '방법 관계형', '한국어를 배우는 방법'],
    ['decomposed Hangul', '한국어'.normalize('NFD'), '한국어를 배우는 방법'],
    ['Chinese characters', '東京', '東京タワー'],
    ['half-width Katakana', 'ﾀﾜｰ', '東京タワー'],
    ['Kana', 'きれい', '東京タワー'],
    ['the beginning of a word', 'postg', 'PostgreSQL internals'],
    ['capitals', 'HEAP', 'PostgreSQL internals'],
    ['code', 'pages', 'PostgreSQL internals'],
    ['a tag without its accent', 'cafe', 'PostgreSQL internals'],
    ['Greek capitals', 'ΟΔΟΣ', 'Ελληνική οδός'],
    ['a word of one letter', 'c', 'C and Caml'],
  ])('finds %s', async (_, q, title) => {
    expect(await search(q)).toEqual([title]);
  });

  it.each([
    ['the end of a word', 'gresql'],
    ['a word that is not there', '없음'],
    ['one word of two', 'postgres 한국어'],
    ['addresses of links', 'secret'],
    ['nothing', ''],
    ['spaces', '   '],
    ['signs', `'!&|()<->:*\\`],
  ])('does not find %s', async (_, q) => {
    expect(await search(q)).toEqual([]);
  });

  it.each([
    `' | 'a`,
    `a & !b`,
    `a:*B`,
    `"quoted words"`,
    `\\`,
    `'); DROP TABLE posts; --`,
    `%' OR 1=1`,
    '\u{10ffff}',
  ])('takes the operators in %j for text', async (q) => {
    expect((await api(inkwell).get(`${POSTS}?q=${encodeURIComponent(q)}`)).status).toBe(200);
  });

  it('goes together with filters and pages', async () => {
    expect(await search('postgresql', '&author=ada&limit=1')).toEqual(['PostgreSQL internals']);
    expect(await search('postgresql', '&tag=none')).toEqual([]);
    expect(await search('a', '&limit=1')).toEqual(['PostgreSQL internals']);
  });

  it('finds drafts among the drafts', async () => {
    expect(await titlesFrom(inkwell, `${POSTS}?status=draft&q=postgres`, ada.token)).toEqual([
      'A draft of PostgreSQL',
    ]);
  });
});
