import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { PasswordResets } from '../../src/users/password-resets.service.js';
import { api } from '../support/api.js';
import { PASSWORD, promote, registerAndLogin } from '../support/accounts.js';
import { DESKTOP, launchChromium, PHONE, Visitor } from '../support/browser.js';
import { query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { written } from '../blog/posts.js';

let inkwell: Inkwell;
let browser: Browser;
let paths: readonly string[];
beforeAll(async () => {
  [inkwell, browser] = await Promise.all([startInkwell(), launchChromium()]);
  const root = await registerAndLogin(inkwell, 'root-1');
  await promote(inkwell, 'root-1', 'admin');
  const { category } = await written(inkwell, root, { title: 'On tea', category_name: 'Kitchen' });
  for (let i = 0; i < 3; i += 1) await api(inkwell).get('/blog/api/categories');
  const webhook = { url: 'https://example.org/hook', events: ['post.published', 'user.removed'] };
  const { id: hook } = (await api(inkwell).post<{ id: number }>('/api/webhooks', webhook, root.token)).body;
  await query(
    inkwell,
    `INSERT INTO webhook_deliveries (webhook_id, event_id, type, subject, body, state, attempts, last_status, last_error)
     VALUES ($1, 'evt_3f0e2a52-6f0c-4e8e-9d0b-0f3c8d1e2a77', 'user.removed', 'user:1', '{}', 'dead', 9, 500, 'It failed')`,
    [hook],
  );
  const token = await inkwell.app.get(PasswordResets).create(root.id);
  paths = [
    '/studio/cache',
    '/studio/cache/inspect?path=/blog/api/categories',
    '/studio/categories',
    `/studio/categories/${category.id}`,
    '/studio/people',
    `/studio/people/${root.id}`,
    '/studio/webhooks',
    `/studio/webhooks/${hook}`,
    `/studio/reset?token=${token}`,
  ];
});
afterAll(async () => {
  await browser.close();
  await inkwell.close();
});

describe.each([
  ['desktop, light', { ...DESKTOP, colorScheme: 'light' as const, locale: 'en' }],
  ['desktop, dark', { ...DESKTOP, colorScheme: 'dark' as const, locale: 'ko' }],
  ['phone, light', { ...PHONE, colorScheme: 'light' as const, locale: 'ko' }],
  ['phone, dark', { ...PHONE, colorScheme: 'dark' as const, locale: 'en' }],
])('on a %s screen', (_, options) => {
  it('every page for administrators is accessible, fits, and makes the browser complain of nothing', async () => {
    const visitor = await Visitor.at(inkwell.url, browser, options);
    await visitor.page.goto('/studio/sign-in?next=/studio/people');
    await visitor.page.fill('#username', 'root-1');
    await visitor.page.fill('#password', PASSWORD);
    await visitor.page.click('main button');
    for (const path of paths) {
      const response = await visitor.page.goto(path);
      expect([path, response?.status()]).toEqual([path, 200]);
      expect([path, await visitor.inaccessibilities()]).toEqual([path, []]);
      const overflow = await visitor.page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect([path, overflow]).toEqual([path, 0]);
    }
    expect(visitor.complaints).toEqual([]);
    await visitor.close();
  });
});
