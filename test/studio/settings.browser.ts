import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { written } from '../blog/posts.js';
import { PASSWORD, promote, registerAndLogin } from '../support/accounts.js';
import { DESKTOP, launchChromium, PHONE, Visitor } from '../support/browser.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

/** 16 × 4 pixels, red. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAABAAAAAECAIAAAAI1ii7AAAAEUlEQVR4nGM4o6REEmIYfBoANMpEAeHtQp4AAAAASUVORK5CYII=',
  'base64',
);
const COLORS = ['#ffee00', '#101010', '#808080', '#1f5fae'];

let inkwell: Inkwell;
let browser: Browser;
beforeAll(async () => {
  [inkwell, browser] = await Promise.all([startInkwell(), launchChromium()]);
  const ada = await registerAndLogin(inkwell, 'ada');
  await promote(inkwell, 'ada', 'admin');
  await written(inkwell, ada, { title: 'On tea', content: 'Boil [water](/water).', tags: ['tea'] });
});
afterAll(async () => {
  await browser.close();
  await inkwell.close();
});

async function expectFlawless(visitor: Visitor): Promise<void> {
  expect(await visitor.inaccessibilities()).toEqual([]);
  const overflow = await visitor.page.evaluate('document.documentElement.scrollWidth - innerWidth');
  expect(overflow).toBeLessThanOrEqual(0);
  expect(visitor.complaints).toEqual([]);
}

describe.each([
  ['desktop, light', { ...DESKTOP, colorScheme: 'light' as const }],
  ['phone, dark', { ...PHONE, colorScheme: 'dark' as const }],
])('on a %s screen', (_, options) => {
  it('an administrator changes the settings, and the blog shows them', async () => {
    const visitor = await Visitor.at(inkwell.url, browser, options);
    const { page } = visitor;
    await page.goto('/studio/sign-in?next=/studio/settings');
    await page.fill('[name=username]', 'ada');
    await page.fill('[name=password]', PASSWORD);
    await page.press('[name=password]', 'Enter');
    await page.waitForURL('**/studio/settings');
    await expectFlawless(visitor);
    for (const place of ['icon', 'logo']) {
      await page.setInputFiles(`[name=${place}]`, { name: 'x.png', mimeType: 'image/png', buffer: PNG });
      await page.click(`form[action$="/${place}"] button`);
      await page.waitForURL('**/studio/settings?done=saved');
      await page.locator(`img[src*="/${place}-"]`).waitFor();
    }
    await expectFlawless(visitor);
    for (const color of COLORS) {
      await page.goto('/studio/settings');
      await page.fill('[name=accent_color]', color);
      await page.fill('[name=navigation]', 'About | /blog/posts/on-tea');
      await page.fill('[name=footer]', `In ${color}. [Imprint](/imprint)`);
      await page.click('form[action="/studio/settings"] button');
      await page.waitForURL('**/studio/settings?done=saved');
      for (const path of ['/blog/', '/blog/posts/on-tea']) {
        await page.goto(path);
        await page.locator('footer', { hasText: color }).waitFor();
        await expectFlawless(visitor);
      }
    }
    await visitor.close();
  });
});
