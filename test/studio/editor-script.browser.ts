import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { pathOf, type PostDetail, written } from '../blog/posts.js';
import { PASSWORD, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { launchChromium, Visitor } from '../support/browser.js';
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

const saved = '#editor-status:has-text("Saved")';

describe('the editor with its script', () => {
  it('saves a working copy by itself, updates the post, and meets another hand with both versions', async () => {
    const { id } = await written(inkwell, { token }, { title: 'On tea', content: 'First.' });
    const contentOf = async (): Promise<string> =>
      (await api(inkwell).get<PostDetail>(pathOf(id))).body.content;
    const visitor = await Visitor.at(inkwell.url, browser);
    const { page } = visitor;
    await page.goto(`/studio/posts/${id}`);
    await page.fill('#username', 'ada');
    await page.fill('#password', PASSWORD);
    await Promise.all([page.waitForURL(`**/studio/posts/${id}`), page.press('#password', 'Enter')]);
    await page.waitForSelector(saved);
    await page.click('.cm-content');
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' Second.');
    await page.waitForSelector('#editor-status:has-text("Not saved yet")');
    await page.waitForSelector(saved);
    expect(await contentOf()).toBe('First.');
    await Promise.all([page.waitForNavigation(), page.click('button[value="publish"]')]);
    expect(await contentOf()).toBe('First. Second.');
    expect(await visitor.inaccessibilities()).toEqual([]);

    await page.waitForSelector(saved);
    await api(inkwell).patch(pathOf(id), { content: 'By another hand.' }, token);
    await page.click('.cm-content');
    await page.keyboard.type('Third. ');
    await page.click('#editor-status button');
    await page.waitForSelector('dialog .cm-content');
    expect(await contentOf()).toBe('By another hand.');
    await page.click('dialog button[value="use"]');
    await page.waitForSelector(saved);
    await Promise.all([page.waitForNavigation(), page.click('button[value="publish"]')]);
    expect(await contentOf()).toContain('Third. ');
    expect(visitor.complaints.filter((complaint) => !complaint.includes('412'))).toEqual([]);
    await visitor.close();
  });

  it('offers on return what was typed when the network was gone, also after the tab was closed', async () => {
    const { id } = await written(inkwell, { token }, { title: 'On rain', content: 'First.' });
    const visitor = await Visitor.at(inkwell.url, browser);
    const { page, context } = visitor;
    await page.goto(`/studio/posts/${id}`);
    await page.fill('#username', 'ada');
    await page.fill('#password', PASSWORD);
    await Promise.all([page.waitForURL(`**/studio/posts/${id}`), page.press('#password', 'Enter')]);
    await page.waitForSelector(saved);
    await context.setOffline(true);
    await page.click('.cm-content');
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' Second.');
    await page.waitForSelector('#editor-status:has-text("cannot be reached")');
    await page.close();
    await context.setOffline(false);
    const again = await context.newPage();
    await again.goto(`/studio/posts/${id}`);
    await again.click('dialog button[value="restore"]');
    await again.waitForSelector(saved);
    await Promise.all([again.waitForNavigation(), again.click('button[value="publish"]')]);
    expect((await api(inkwell).get<PostDetail>(pathOf(id))).body.content).toBe('First. Second.');
    await visitor.close();
  });
});
