import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { PASSWORD, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { pathOf, type PostDetail, written } from '../blog/posts.js';
import { DESKTOP, launchChromium, PHONE, Visitor } from '../support/browser.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

let inkwell: Inkwell;
let browser: Browser;
let token: string;
beforeAll(async () => {
  [inkwell, browser] = await Promise.all([startInkwell(), launchChromium()]);
  ({ token } = await registerAndLogin(inkwell, 'ada'));
});
afterAll(async () => {
  await browser.close();
  await inkwell.close();
});

const SHOTS = process.env['SHOTS'];

describe.each([
  ['desktop, light', { ...DESKTOP, colorScheme: 'light' as const }],
  ['phone, dark', { ...PHONE, colorScheme: 'dark' as const, locale: 'ko-KR' }],
])('without JavaScript, on a %s screen', (screen, options) => {
  it('a post is written, changed in two places, merged, and thrown away, on pages that fit', async () => {
    const { id } = await written(inkwell, { token }, { title: 'On tea', content: 'First.', tags: ['Tea'] });
    const visitor = await Visitor.at(inkwell.url, browser, { ...options });
    // Axe needs scripts, so only the editor's own is taken away.
    await visitor.context.route('**/studio/assets/*', (route) =>
      route.fulfill({ contentType: 'text/javascript', body: '' }),
    );
    const { page } = visitor;
    const look = async (name: string): Promise<void> => {
      if (SHOTS)
        await page.screenshot({ path: `${SHOTS}/${name}-${screen.replace(', ', '-')}.png`, fullPage: true });
      expect(await visitor.inaccessibilities()).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    };
    await page.goto(`/studio/posts/${id}`);
    await page.fill('#username', 'ada');
    await page.fill('#password', PASSWORD);
    await Promise.all([page.waitForURL(`**/studio/posts/${id}`), page.press('#password', 'Enter')]);
    const press = (action: string) =>
      Promise.all([page.waitForNavigation(), page.click(`button[value="${action}"]`)]);
    await page.fill('#content', 'Second.');
    await press('share');
    await look('editor');
    await press('preview');
    await look('editor-preview');
    await api(inkwell).patch(pathOf(id), { content: 'By another hand.' }, token);
    await page.fill('#content', 'Third.');
    await press('publish');
    await look('editor-conflict');
    expect(await page.inputValue('#content')).toBe('Third.');
    expect(await page.inputValue('#theirs-content')).toBe('By another hand.');
    await press('publish');
    expect((await api(inkwell).get<PostDetail>(pathOf(id))).body.content).toBe('Third.');
    await press('trash');
    await look('editor-trash');
    await page.goto(`/studio/posts/${id}`);
    await look('editor-trashed');
    // The browser reports the answer 412 of the conflict.
    expect(visitor.complaints.filter((complaint) => !complaint.includes('412'))).toEqual([]);
    await visitor.close();
  });
});
