import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { registerAndLogin } from '../support/accounts.js';
import { written } from '../blog/posts.js';
import { DESKTOP, launchChromium, PHONE, Visitor } from '../support/browser.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

let inkwell: Inkwell;
let browser: Browser;
beforeAll(async () => {
  [inkwell, browser] = await Promise.all([startInkwell(), launchChromium()]);
  const ada = await registerAndLogin(inkwell, 'ada');
  await written(inkwell, ada, { title: 'On tea', content: 'Boil *water*.', tags: ['tea'] });
});
afterAll(async () => {
  await browser.close();
  await inkwell.close();
});

const PAGES = ['/blog/', '/blog/posts/on-tea', '/blog/categories', '/blog/posts/nothing', '/studio/sign-in'];

describe.each([
  ['desktop, light', { ...DESKTOP, colorScheme: 'light' as const }],
  ['desktop, dark', { ...DESKTOP, colorScheme: 'dark' as const }],
  ['phone, light', { ...PHONE, colorScheme: 'light' as const }],
  ['phone, dark', { ...PHONE, colorScheme: 'dark' as const }],
])('on a %s screen', (_, options) => {
  it('/docs works with its own policy', async () => {
    const visitor = await Visitor.at(inkwell.url, browser, options);
    await visitor.page.goto('/docs');
    await visitor.page.locator('.opblock').first().waitFor();
    expect(visitor.complaints).toEqual([]);
    await visitor.close();
  });

  it.each(PAGES)('%s is accessible, fits, and makes the browser complain of nothing', async (path) => {
    const visitor = await Visitor.at(inkwell.url, browser, options);
    const response = await visitor.page.goto(path);
    expect(response?.headers()['content-type']).toBe('text/html; charset=utf-8');
    expect(await visitor.inaccessibilities()).toEqual([]);
    const overflow = await visitor.page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
    // The browser itself says that a page was not found.
    const complaints = visitor.complaints.filter((complaint) => !complaint.includes('status of 404'));
    expect(complaints).toEqual([]);
    await visitor.close();
  });
});
