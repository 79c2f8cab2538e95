// Takes a picture of every page of the blog and the Studio, on desktop and phone, light and dark: .cache/screenshots.
// Needs Chromium. It starts a server of its own with the sample posts: npm run screenshots [-- PART OF A PAGE'S NAME]
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const OUT = '.cache/screenshots';
const ADMIN = { username: 'mina', password: 'a quiet green kettle' };

const PAGES = {
  'blog-list': '/blog/',
  'blog-post': '/blog/posts/markdown-at-a-glance',
  'blog-categories': '/blog/categories',
  'blog-not-found': '/blog/posts/nothing-here',
  'sign-in': '/studio/sign-in',
  posts: '/studio/posts',
  'posts-none': '/studio/posts?q=nothing-has-these-words',
  trash: '/studio/posts/trash',
  'new-post': '/studio/posts/new',
  'edit-post': '/studio/posts/DRAFT',
  account: '/studio/account',
  settings: '/studio/settings',
  categories: '/studio/categories',
  people: '/studio/people',
  webhooks: '/studio/webhooks',
  transfer: '/studio/transfer',
  cache: '/studio/cache',
};

const EDITORS = new Set(['new-post', 'edit-post']);

const VARIANTS = {
  'desktop-light': { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  'desktop-dark': { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  'phone-light': {
    viewport: { width: 390, height: 844 },
    isMobile: true,
    hasTouch: true,
    colorScheme: 'light',
  },
  'phone-dark': {
    viewport: { width: 390, height: 844 },
    isMobile: true,
    hasTouch: true,
    colorScheme: 'dark',
  },
  'desktop-korean': { viewport: { width: 1280, height: 800 }, colorScheme: 'light', locale: 'ko-KR' },
};

const CONTENT = `Boil the water. Warm the pot first, then pour.

## What you need

- a kettle
- two spoons of leaves
- five quiet minutes

> Tea is drunk to forget the din of the world.
`;

const folder = mkdtempSync(join(tmpdir(), 'inkwell-screenshots-'));
chmodSync(folder, 0o755);
const environment = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  NO_COLOR: '1',
  DATA_DIR: folder,
  HOST: '127.0.0.1',
};
const server = spawn(process.execPath, ['dist/main.js'], {
  env: { ...environment, PORT: '0', RATE_LIMIT_LOGIN: '1000' },
  stdio: ['ignore', 'pipe', 'inherit'],
});

function addressOf({ stdout }) {
  const { promise, resolve } = Promise.withResolvers();
  let text = '';
  stdout.on('data', (chunk) => {
    text += chunk;
    const address = /Blog +(\S+)\/blog\//.exec(text)?.[1];
    if (address !== undefined) resolve(address);
  });
  return promise;
}

function createAdmin() {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['dist/cli/main.js', 'user', 'create', ADMIN.username, '--role', 'admin'],
    { env: environment, input: `${ADMIN.password}\n`, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
}

async function makeDraft(url) {
  const call = async (path, body, token) => {
    const headers = {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    };
    const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return response.json();
  };
  const { token } = await call('/api/login', ADMIN);
  const draft = {
    title: 'A kettle, and what it taught me',
    content: CONTENT,
    status: 'draft',
    tags: ['tea', 'slow'],
    category_name: 'Kitchen',
  };
  await call('/blog/api/posts', { ...draft, title: 'On tea', status: 'published' }, token);
  return call('/blog/api/posts', draft, token);
}

async function takeAll(browser, url, draft) {
  const wanted = process.argv[2] ?? '';
  for (const [variant, options] of Object.entries(VARIANTS)) {
    mkdirSync(join(OUT, variant), { recursive: true });
    const context = await browser.newContext({ baseURL: url, locale: 'en-GB', ...options });
    const page = await context.newPage();
    for (const [name, path] of Object.entries(PAGES)) {
      if (name === 'posts') {
        await page.goto('/studio/sign-in');
        await page.fill('#username', ADMIN.username);
        await page.fill('#password', ADMIN.password);
        await Promise.all([
          page.waitForURL('**/studio/posts'),
          page.click('form[action="/studio/sign-in"] button'),
        ]);
      }
      if (!name.includes(wanted)) continue;
      const response = await page.goto(path.replace('DRAFT', String(draft.id)));
      await page.waitForLoadState('networkidle');
      if (EDITORS.has(name)) await page.waitForSelector('form.enhanced');
      // The visible part of the page: the README shows one of these.
      const fullPage = !EDITORS.has(name);
      await page.screenshot({ path: join(OUT, variant, `${name}.png`), fullPage });
      console.log(`${response.status()} ${variant} ${name}`);
    }
    await context.close();
  }
}

try {
  const url = await addressOf(server);
  createAdmin();
  const draft = await makeDraft(url);
  const places = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/google-chrome'];
  const executablePath = places.find((place) => place !== undefined && existsSync(place));
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  await takeAll(browser, url, draft);
  await browser.close();
} finally {
  const ended = new Promise((resolve) => server.once('close', resolve));
  server.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}
