import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { written } from '../blog/posts.js';
import { type Account, login, promote } from '../support/accounts.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { signedIn, StudioBrowser } from '../support/studio.js';

const PAGE = '/studio/posts';

let inkwell: Inkwell;
let ada: Pick<Account, 'token'>;
let browser: StudioBrowser;
let root: StudioBrowser;
beforeAll(async () => {
  inkwell = await startInkwell();
  browser = await signedIn(inkwell, 'ada');
  ada = await login(inkwell, 'ada');
  await written(inkwell, ada, { title: 'On <b>tea</b>', slug: 'on-tea', category_name: 'Kitchen' });
  await written(inkwell, ada, { title: 'Half a thought', status: 'draft', category_name: 'Only drafts' });
  await written(inkwell, ada, { title: '가나다', content: 'Rare words.' });
  root = await signedIn(inkwell, 'root-1');
  await promote(inkwell, 'root-1', 'admin');
  const admin = await login(inkwell, 'root-1');
  await written(inkwell, admin, { title: 'Of root', status: 'draft', category_name: 'Secret plans' });
});
afterAll(() => inkwell.close());

/** Titles in their order. */
const titlesIn = (body: string): string[] =>
  [...body.matchAll(/<h2 dir="auto">\s*<a href="\/studio\/posts\/\d+">([^<]*)<\/a>/g)].map(
    (match) => match[1]!,
  );
const titles = async (query = '', who = browser): Promise<string[]> =>
  titlesIn((await who.get(PAGE + query)).body);
const optionsOf = (body: string, name: string): string[] => {
  const select = new RegExp(`<select id="${name}"[^]*?</select>`).exec(body)?.[0] ?? '';
  return [...select.matchAll(/<option value="([^"]*)"/g)].map((match) => match[1]!);
};
const chosenIn = (body: string): string[] =>
  [...body.matchAll(/<option value="([^"]*)" selected/g)].map((match) => match[1]!);

describe('GET /studio/posts', () => {
  it('leads to the sign-in without a session, and is never stored', async () => {
    const { status, location } = await new StudioBrowser(inkwell).get(`${PAGE}?status=draft`);
    expect([status, location]).toEqual([
      303,
      `/studio/sign-in?next=${encodeURIComponent('/studio/posts?status=draft')}`,
    ]);
    expect((await browser.get(PAGE)).headers.get('cache-control')).toBe('no-store');
  });

  it('shows one’s own posts and drafts, newest first, and how many there are', async () => {
    const { status, body } = await browser.get(PAGE);
    expect(status).toBe(200);
    expect(titlesIn(body)).toEqual(['가나다', 'Half a thought', 'On &lt;b&gt;tea&lt;/b&gt;']);
    expect(body).toContain('3 posts');
    expect(body).toContain('href="/blog/posts/on-tea"');
    expect(body.match(/href="\/blog\/posts\//g)).toHaveLength(2);
    expect(body).toContain('href="/studio/posts/new"');
    expect(body).not.toContain('Of root');
    // No script but the one that erases the journal at the sign-out.
    expect(body).not.toMatch(/<script(?! type="module" src="\/studio\/assets\/sign-out-)/);
  });

  it('filters by status, category and words, and keeps what was chosen in the form', async () => {
    expect(await titles('?status=draft')).toEqual(['Half a thought']);
    expect(await titles('?status=published&category=kitchen')).toEqual(['On &lt;b&gt;tea&lt;/b&gt;']);
    expect(await titles('?q=rare')).toEqual(['가나다']);
    const { body } = await browser.get(`${PAGE}?status=draft&category=only-drafts&sort=title&q=%22half`);
    expect(chosenIn(body)).toEqual(['draft', 'only-drafts', 'title']);
    expect(body).toContain('value="&quot;half"');
    expect(titlesIn(body)).toEqual(['Half a thought']);
  });

  it('offers the categories of one’s own posts only', async () => {
    expect(optionsOf((await browser.get(PAGE)).body, 'category')).toEqual([
      '',
      'general',
      'kitchen',
      'only-drafts',
    ]);
    const everybodys = (await root.get(`${PAGE}?whose=all`)).body;
    expect(optionsOf(everybodys, 'category')).toContain('secret-plans');
  });

  it.each([
    ['newest', ['가나다', 'Half a thought', 'On &lt;b&gt;tea&lt;/b&gt;']],
    ['oldest', ['On &lt;b&gt;tea&lt;/b&gt;', 'Half a thought', '가나다']],
    ['title', ['Half a thought', 'On &lt;b&gt;tea&lt;/b&gt;', '가나다']],
  ])('sorts by %s', async (sort, expected) => {
    expect(await titles(`?sort=${sort}`)).toEqual(expected);
  });

  it('ignores what is no filter', async () => {
    const query = `?status=x&sort=x&whose=x&utm_source=somewhere&category=&q=%20&cursor=&status=draft`;
    expect((await browser.get(PAGE + query)).status).toBe(200);
    expect(await titles('?status=&category=&q=&sort=newest')).toHaveLength(3);
  });

  it('says so when nothing matches, and leads back', async () => {
    const { body } = await browser.get(`${PAGE}?q=nothing-like-that&sort=title`);
    expect(titlesIn(body)).toEqual([]);
    expect(body).toContain('No post is like that.');
    expect(body).toContain('href="/studio/posts?whose=mine&amp;sort=title"');
    expect(body).toContain('0 posts');
  });

  it('shows everybody’s posts to administrators who ask for them, and to nobody else', async () => {
    expect(await titles('', root)).toEqual(['Of root']);
    const { body } = await root.get(`${PAGE}?whose=all`);
    expect(titlesIn(body)).toEqual(['Of root', '가나다', 'Half a thought', 'On &lt;b&gt;tea&lt;/b&gt;']);
    expect(body).toContain('by ada');
    expect(await titles('?whose=all&status=draft', root)).toEqual(['Of root', 'Half a thought']);
    expect(await titles('?whose=all')).toHaveLength(3);
    expect((await browser.get(`${PAGE}?whose=all`)).body).not.toContain('name="whose"');
  });

  it('leads from page to page with the filters', async () => {
    const eve = await signedIn(inkwell, 'eve');
    const account = await login(inkwell, 'eve');
    const expected = Array.from({ length: 35 }, (_, i) => `Part ${String(i).padStart(2, '0')}`);
    for (const title of expected) await written(inkwell, account, { title, status: 'draft' });
    const seen: string[][] = [];
    for (let path: string | undefined = `${PAGE}?sort=title&status=draft`; path !== undefined;) {
      const { body } = await eve.get(path);
      seen.push(titlesIn(body));
      expect(body).toContain('35 posts');
      path = /href="([^"]*cursor=[^"]*)"/.exec(body)?.[1]!.replaceAll('&amp;', '&');
    }
    expect(seen.map((page) => page.length)).toEqual([30, 5]);
    expect(seen.flat()).toEqual(expected);
  });

  it('refuses the cursor of another list with a clear page', async () => {
    const { status, body } = await browser.get(`${PAGE}?cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAA`);
    expect(status).toBe(400);
    expect(body).toContain('role="alert"');
  });

  it('says what is missing to somebody who has written nothing', async () => {
    const newcomer = await signedIn(inkwell, 'newcomer');
    expect((await newcomer.get(PAGE)).body).toContain('Nothing here yet.');
    await promote(inkwell, 'newcomer', 'reader');
    const { body } = await newcomer.get(PAGE);
    expect(body).toContain('An administrator can let you write.');
    expect(body).not.toContain('href="/studio/posts/new"');
  });

  it('speaks Korean', async () => {
    const { body } = await browser.get(PAGE, { 'accept-language': 'ko' });
    expect(body).toContain('<html lang="ko">');
    for (const text of ['글 3개', '새 글 쓰기', '초안', '발행됨', '최신순']) expect(body).toContain(text);
  });
});
