import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { login, PASSWORD, promote, register, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { DESKTOP, launchChromium, PHONE, Visitor } from '../support/browser.js';
import { query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

let inkwell: Inkwell;
let other: Inkwell;
let browser: Browser;
let count = 0;
let name: string;
beforeAll(async () => {
  [inkwell, browser] = await Promise.all([startInkwell(), launchChromium()]);
  other = await startInkwell({}, { databaseUrl: inkwell.databaseUrl });
});
beforeEach(async () => {
  name = `writer${(count += 1)}`;
  await register(inkwell, name);
});
afterAll(async () => {
  await browser.close();
  await other.close();
  await inkwell.close();
});

async function signIn(options: Parameters<typeof Visitor.at>[2] = DESKTOP): Promise<Visitor> {
  const visitor = await Visitor.at(inkwell.url, browser, options);
  await visitor.page.goto('/studio/sign-in?next=/studio/posts/new');
  await visitor.page.fill('#username', name);
  await visitor.page.fill('#password', PASSWORD);
  await visitor.page.press('#password', 'Enter');
  await ready(visitor.page);
  return visitor;
}

const ready = (page: Page): Promise<unknown> => page.waitForSelector('form.enhanced');
const state = (page: Page, kind: string): Promise<unknown> =>
  page.waitForSelector(`#editor-status[data-state="${kind}"]`, { timeout: 60_000 });
const writing = (page: Page) => page.locator('.writing .cm-content');
const save = (page: Page): Promise<unknown> => page.keyboard.press('Control+s');

/** The post that the page shows, from the database. */
async function stored(page: Page): Promise<{ id: number; title: string; content: string; status: string }> {
  const id = Number(/\/posts\/(\d+)/.exec(page.url())![1]);
  const rows = await query<{ id: number; title: string; content: string; status: string }>(
    inkwell,
    'SELECT id, title, content, status FROM posts WHERE id = $1',
    [id],
  );
  return rows[0]!;
}

async function write(page: Page, title: string, content: string): Promise<void> {
  await page.fill('#title', title);
  await writing(page).click();
  await page.keyboard.insertText(content);
}

describe('the editor', () => {
  it('saves by itself, keeps the text over a reload, and makes one post', async () => {
    const { page, complaints, context } = await signIn();
    await write(page, 'On kettles', 'Boil *water*.');
    await state(page, 'saved');
    await page.waitForURL(/\/studio\/posts\/\d+$/);
    expect(await stored(page)).toMatchObject({
      title: 'On kettles',
      content: 'Boil *water*.',
      status: 'draft',
    });
    await page.keyboard.insertText(' Then pour.');
    await state(page, 'kept');
    await state(page, 'saved');
    await page.reload();
    await ready(page);
    expect(await writing(page).textContent()).toBe('Boil *water*. Then pour.');
    expect(await query(inkwell, 'SELECT FROM posts WHERE title = $1', ['On kettles'])).toHaveLength(1);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it.each([
    ['desktop', DESKTOP],
    ['phone', PHONE],
  ])('is accessible, and fits a %s', async (_, options) => {
    const visitor = await signIn(options);
    await write(visitor.page, 'Looks', '# Heading\n\nText');
    await state(visitor.page, 'saved');
    await visitor.page.click('button[value="preview"]');
    await visitor.page.waitForSelector('.live-preview h1');
    expect(await visitor.inaccessibilities()).toEqual([]);
    expect(
      await visitor.page.evaluate('document.documentElement.scrollWidth - innerWidth'),
    ).toBeLessThanOrEqual(0);
    expect(visitor.complaints).toEqual([]);
    await visitor.close();
  });

  it('publishes, and a reader on another replica sees it on the next request; an edit stays private until Update', async () => {
    const { page, context, complaints } = await signIn();
    await write(page, 'A secret no more', 'First words.');
    await page.click('button[value="publish"]');
    await page.waitForURL(/done=published/);
    await ready(page);
    const path = await page.getAttribute('a[href^="/blog/posts/"]', 'href');
    const seen = async (): Promise<string> => (await api(other).get<string>(path!)).body;
    expect(await seen()).toContain('First words.');
    await writing(page).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText(' More words.');
    await state(page, 'saved');
    expect(await seen()).not.toContain('More words.');
    await page.click('button[value="publish"]');
    await page.waitForURL(/done=updated/);
    expect(await seen()).toContain('First words. More words.');
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('keeps what is typed offline, says so, and saves it later', async () => {
    const { page, context } = await signIn();
    await write(page, 'In a tunnel', 'Before.');
    await state(page, 'saved');
    await context.setOffline(true);
    await page.keyboard.insertText(' Within.');
    await state(page, 'offline');
    await context.setOffline(false);
    await state(page, 'saved');
    expect(await stored(page)).toMatchObject({ content: 'Before. Within.' });
    await context.close();
  });

  it('asks for the password over the text when the session has ended elsewhere, and goes on', async () => {
    const visitor = await signIn();
    const { page, context } = visitor;
    await write(page, 'Long thoughts', 'Before.');
    await state(page, 'saved');
    const { token } = await login(inkwell, name);
    await api(other).post('/api/logout-all', undefined, token);
    await page.keyboard.insertText(' After.');
    await state(page, 'signed-out');
    expect(await visitor.inaccessibilities()).toEqual([]);
    await page.fill('#sign-in-password', 'not it');
    await page.keyboard.press('Enter');
    await page.locator('dialog[open] .error', { hasText: /./ }).waitFor();
    await page.fill('#sign-in-password', PASSWORD);
    await page.keyboard.press('Enter');
    await state(page, 'saved');
    expect(await stored(page)).toMatchObject({ content: 'Before. After.' });
    await context.close();
  });

  it('shows both versions when somebody else has saved, and overwrites neither', async () => {
    const visitor = await signIn({ ...DESKTOP, colorScheme: 'dark' });
    const { page, context } = visitor;
    await write(page, 'Shared', 'One line.\n\nTwo lines.');
    await state(page, 'saved');
    const { id } = await stored(page);
    await registerAndLogin(inkwell, `admin${count}`);
    await promote(inkwell, `admin${count}`, 'admin');
    const { token } = await login(inkwell, `admin${count}`);
    const theirs = 'One line by the admin.\n\nTwo lines.';
    expect((await api(other).patch(`/blog/api/posts/${id}`, { content: theirs }, token)).status).toBe(200);
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText(' Mine.');
    await state(page, 'conflict');
    await page.waitForSelector('dialog[open] .merge');
    expect(await visitor.inaccessibilities()).toEqual([]);
    expect(await stored(page)).toMatchObject({ content: theirs });
    await page.getByRole('button', { name: 'Later' }).click();
    expect(await writing(page).textContent()).toContain('Mine.');
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByRole('button', { name: 'Use the merged text' }).click();
    await state(page, 'saved');
    expect(await stored(page)).toMatchObject({ content: 'One line.\n\nTwo lines. Mine.' });
    // The way back: the version that was not chosen is still there.
    await page.getByRole('button', { name: 'Earlier versions' }).click();
    expect(await visitor.inaccessibilities()).toEqual([]);
    await page.locator('.earlier li', { hasText: 'by the admin' }).getByRole('button').click();
    await state(page, 'kept');
    await state(page, 'saved');
    expect(await stored(page)).toMatchObject({ content: theirs });
    await context.close();
  });

  it('raises no conflict between two tabs of one person, which show the same text', async () => {
    const { page, context } = await signIn();
    await write(page, 'Two tabs', 'First.');
    await state(page, 'saved');
    const second = await context.newPage();
    await second.goto(page.url());
    await ready(second);
    await writing(second).click();
    await second.keyboard.press('Control+End');
    await second.keyboard.insertText(' Second.');
    await state(second, 'saved');
    await writing(page).filter({ hasText: 'First. Second.' }).waitFor();
    await writing(page).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText(' Third.');
    await state(page, 'kept');
    await state(page, 'saved');
    expect(await stored(page)).toMatchObject({ content: 'First. Second. Third.' });
    await context.close();
  });

  it('offers on return what the server does not have', async () => {
    const { page, context } = await signIn();
    await write(page, 'Cut short', 'Saved.');
    await state(page, 'saved');
    await context.setOffline(true);
    await page.keyboard.insertText(' Not saved.');
    await state(page, 'offline');
    const url = page.url();
    await page.close({ runBeforeUnload: false });
    await context.setOffline(false);
    const again = await context.newPage();
    await again.goto(url);
    await again.getByRole('button', { name: 'Go on with it' }).click();
    await ready(again);
    expect(await writing(again).textContent()).toBe('Saved. Not saved.');
    await state(again, 'saved');
    expect(await stored(again)).toMatchObject({ content: 'Saved. Not saved.' });
    await context.close();
  });

  it.each([
    ['CRLF', 'One\r\nTwo\r\n'],
    ['mixed line ends', 'One\r\nTwo\nThree\rFour'],
    ['tabs and trailing spaces', 'One  \n\tTwo \n\n\n'],
  ])('keeps a text with %s byte for byte', async (_, content) => {
    const { token } = await login(inkwell, name);
    const made = await api(inkwell).post(
      '/blog/api/posts',
      { title: 'Bytes', content, status: 'draft' },
      token,
    );
    const { page, context } = await signIn();
    await page.goto(`/studio/posts/${String(made.body['id'])}`);
    await ready(page);
    await page.fill('#title', 'Bytes, renamed');
    await state(page, 'kept');
    await state(page, 'saved');
    expect(await stored(page)).toMatchObject({ title: 'Bytes, renamed', content });
    await context.close();
  });

  it('keeps the line ends of a version that is taken over', async () => {
    const { token } = await login(inkwell, name);
    const draft = { title: 'Line ends', content: 'One\r\nTwo\r\n', status: 'draft' };
    const made = await api(inkwell).post('/blog/api/posts', draft, token);
    const { page, context } = await signIn();
    await page.goto(`/studio/posts/${String(made.body['id'])}`);
    await ready(page);
    const path = `/blog/api/posts/${String(made.body['id'])}`;
    expect((await api(other).patch(path, { content: 'One\nTwo\nThree\n' }, token)).status).toBe(200);
    await page.fill('#title', 'Line ends, renamed');
    await page.getByRole('button', { name: 'Use the server’s version' }).click();
    await state(page, 'saved');
    await page.fill('#title', 'Line ends, renamed again');
    await state(page, 'kept');
    await state(page, 'saved');
    expect(await stored(page)).toMatchObject({ content: 'One\nTwo\nThree\n' });
    await context.close();
  });

  it('offers what a first save has made possible, without a reload', async () => {
    const { page, context } = await signIn();
    expect(await page.locator('button[value="share"]').isVisible()).toBe(false);
    await write(page, 'Shared early', 'Words.');
    await page.locator('button[value="share"]').click();
    await page.waitForURL(/done=shared/);
    await page.locator('.preview-link a[href^="/preview/"]').waitFor();
    await context.close();
  });

  it('bolds by the keyboard, and leaves the text by Tab', async () => {
    const { page, context } = await signIn();
    await write(page, 'Keys', 'word');
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+b');
    expect(await writing(page).textContent()).toBe('**word**');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(`document.activeElement?.closest('.cm-editor') === null`)).toBe(true);
    await save(page);
    await context.close();
  });
});
