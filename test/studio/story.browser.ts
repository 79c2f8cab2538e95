import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { Setup } from '../../src/studio/setup/setup.service.js';
import { login, PASSWORD } from '../support/accounts.js';
import { api } from '../support/api.js';
import { DESKTOP, launchChromium, PHONE, Visitor } from '../support/browser.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

let browser: Browser;
let inkwell: Inkwell;
let other: Inkwell;
beforeAll(async () => {
  browser = await launchChromium();
});
beforeEach(async () => {
  inkwell = await startInkwell();
  other = await startInkwell({}, { databaseUrl: inkwell.databaseUrl });
});
afterEach(async () => {
  await other.close();
  await inkwell.close();
});
afterAll(() => browser.close());

/** How somebody writes, with the script of the editor or without it. */
interface Way {
  readonly write: (page: Page, text: string) => Promise<void>;
  readonly saved: (page: Page) => Promise<unknown>;
  /** Shows the text as readers will see it. */
  readonly preview: (page: Page) => Promise<unknown>;
}

const WITH_SCRIPT: Way = {
  write: async (page, text) => {
    await page.waitForSelector('form.enhanced');
    await page.locator('.writing .cm-content').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText(text);
  },
  saved: (page) => page.waitForSelector('[data-state="saved"]', { timeout: 60_000 }),
  preview: async (page) => {
    await page.click('button[value="preview"]');
    await page.waitForSelector('.live-preview em');
  },
};

const WITHOUT_SCRIPT: Way = {
  write: async (page, text) => {
    const area = page.locator('textarea[name="content"]');
    await area.fill((await area.inputValue()) + text);
  },
  saved: (page) => page.click('button[value="save"]'),
  preview: async (page) => {
    await page.click('button[value="preview"]');
    await page.waitForSelector('article .content em');
  },
};

const stories = (
  [
    ['with JavaScript', WITH_SCRIPT, true],
    ['without JavaScript', WITHOUT_SCRIPT, false],
  ] as const
).flatMap(([how, way, javaScriptEnabled]) =>
  (
    [
      ['a desktop', DESKTOP],
      ['a phone', PHONE],
    ] as const
  ).flatMap(([screen, size]) =>
    (['en', 'ko'] as const).map(
      (language) =>
        [
          `${how}, on ${screen}, in ${language}`,
          way,
          { ...size, javaScriptEnabled, locale: language },
        ] as const,
    ),
  ),
);

const read = async (path: string): Promise<string> => (await api(other).get<string>(path)).body;

describe('the whole story', () => {
  it.each(stories)('%s', async (_, way, options: BrowserContextOptions) => {
    const visitor = await Visitor.at(inkwell.url, browser, options);
    const { page } = visitor;
    // axe needs JavaScript in the page.
    const faults = (): Promise<string[]> =>
      options.javaScriptEnabled === true ? visitor.inaccessibilities() : Promise.resolve([]);

    // Setup: five fields, of which one is optional.
    await page.goto((await inkwell.app.get(Setup).path())!);
    expect(await page.locator('html').getAttribute('lang')).toBe(options.locale);
    expect(await faults()).toEqual([]);
    await page.fill('#title', 'Notes on tea');
    await page.selectOption('#language', options.locale!);
    await page.fill('#username', 'ada');
    await page.fill('#password', PASSWORD);
    await page.click('form[action="/studio/setup"] button');

    // The first post.
    await page.waitForURL('**/studio/posts/new');
    await page.fill('#title', 'On kettles');
    await way.write(page, 'Boil *water*.');
    // Folded on a phone.
    const folded = page.locator('details:not([open]):has(#category_name) > summary');
    if ((await folded.count()) > 0) await folded.click();
    await page.fill('#category_name', 'Kitchen');
    await page.fill('#tags', 'tea, slow');
    await way.saved(page);
    await page.waitForURL(/\/studio\/posts\/\d+/);
    const editor = page.url();
    await way.preview(page);
    expect(await faults()).toEqual([]);
    expect(await read('/blog/')).not.toContain('On kettles');
    await page.click('button[value="publish"]');
    await page.waitForURL(/done=published/);
    const path = (await page.locator('a[href^="/blog/posts/"]').first().getAttribute('href'))!;
    const published = await read(path);
    expect(published).toContain('Boil <em>water</em>.');
    expect(published).toContain(`<html lang="${options.locale}">`);
    expect(await read('/blog/')).toContain('Notes on tea');

    // An edit, which readers see when it is published.
    await way.write(page, ' Then pour.');
    await way.saved(page);
    expect(await read(path)).not.toContain('Then pour.');
    await page.goto(editor);
    if (options.javaScriptEnabled === true) await page.waitForSelector('form.enhanced');
    await page.click('button[value="publish"]');
    await page.waitForURL(/done=updated/);
    expect(await read(path)).toContain('Then pour.');

    // Signed out elsewhere: nothing is lost.
    await way.write(page, ' And wait.');
    const { token } = await login(other, 'ada');
    await api(other).post('/api/logout-all', undefined, token);
    if (options.javaScriptEnabled === true) {
      await page.waitForSelector('[data-state="signed-out"]', { timeout: 60_000 });
      await page.fill('#sign-in-password', PASSWORD);
      await page.keyboard.press('Enter');
      await way.saved(page);
    } else {
      await page.click('button[value="save"]');
      const tab = await visitor.context.newPage();
      await tab.goto('/studio/sign-in');
      await tab.fill('#username', 'ada');
      await tab.fill('#password', PASSWORD);
      await tab.click('form[action="/studio/sign-in"] button');
      await tab.waitForURL('**/studio/posts');
      await page.goBack();
      // The browser has kept what was typed: the post has it in the end.
      await way.saved(page);
    }
    await page.goto(editor);
    if (options.javaScriptEnabled === true) await page.waitForSelector('form.enhanced');
    await page.click('button[value="publish"]');
    await page.waitForURL(/done=updated/);
    expect(await read(path)).toContain('And wait.');
    const complaints = visitor.complaints.filter((complaint) => !complaint.includes('status of 401'));
    expect(complaints).toEqual([]);
    await visitor.close();
  });
});
