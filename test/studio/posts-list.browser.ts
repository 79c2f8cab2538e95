import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { PASSWORD, registerAndLogin } from '../support/accounts.js';
import { written } from '../blog/posts.js';
import { DESKTOP, launchChromium, PHONE, Visitor } from '../support/browser.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

let inkwell: Inkwell;
let browser: Browser;
beforeAll(async () => {
  [inkwell, browser] = await Promise.all([startInkwell(), launchChromium()]);
  const ada = await registerAndLogin(inkwell, 'ada');
  for (const [title, status] of [
    ['On tea', 'published'],
    ['Half a thought', 'draft'],
    [`A ${'very long title that goes on and on '.repeat(5)}`, 'draft'],
    [`Withoutaspace${'x'.repeat(150)}`, 'published'],
    ['차를 우리는 법', 'published'],
  ]) {
    await written(inkwell, ada, { title, status, category_name: `A category of ${'w'.repeat(30)}` });
  }
});
afterAll(async () => {
  await browser.close();
  await inkwell.close();
});

const SHOTS = process.env['SHOTS'];

describe.each([
  ['desktop, light', { ...DESKTOP, colorScheme: 'light' as const }],
  ['desktop, dark', { ...DESKTOP, colorScheme: 'dark' as const, locale: 'ko-KR' }],
  ['phone, light', { ...PHONE, colorScheme: 'light' as const }],
  ['phone, dark', { ...PHONE, colorScheme: 'dark' as const, locale: 'ko-KR' }],
])('on a %s screen', (screen, options) => {
  it('the list of posts is found, accessible, fits, and filters by its form', async () => {
    const visitor = await Visitor.at(inkwell.url, browser, options);
    const { page } = visitor;
    await page.goto('/studio/posts');
    await page.fill('#username', 'ada');
    await page.fill('#password', PASSWORD);
    await Promise.all([page.waitForURL('**/studio/posts'), page.press('#password', 'Enter')]);
    expect(await page.locator('.items h2').count()).toBe(5);
    if (SHOTS)
      await page.screenshot({ path: `${SHOTS}/posts-${screen.replace(', ', '-')}.png`, fullPage: true });
    expect(await visitor.inaccessibilities()).toEqual([]);
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
    await page.selectOption('#status', 'draft');
    await page.selectOption('#sort', 'title');
    await Promise.all([page.waitForURL('**status=draft**'), page.press('#q', 'Enter')]);
    expect(await page.locator('.items h2').allInnerTexts()).toEqual([
      expect.stringMatching(/^A very long/),
      'Half a thought',
    ]);
    expect(visitor.complaints).toEqual([]);
    await visitor.close();
  });
});
