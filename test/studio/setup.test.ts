import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Setup } from '../../src/studio/setup/setup.service.js';
import { PASSWORD, register } from '../support/accounts.js';
import { api } from '../support/api.js';
import { query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { StudioBrowser } from '../support/studio.js';

let inkwell: Inkwell;
let other: Inkwell;
beforeAll(async () => {
  inkwell = await startInkwell();
  other = await startInkwell({}, { databaseUrl: inkwell.databaseUrl });
});
beforeEach(() => query(inkwell, 'DELETE FROM users'));
afterAll(async () => {
  await other.close();
  await inkwell.close();
});

const linkOf = async ({ app }: Inkwell): Promise<string> => (await app.get(Setup).path())!;
const tokenIn = (link: string): string => new URL(link, 'http://x').searchParams.get('token')!;
const form = (username: string) => ({
  username,
  password: PASSWORD,
  title: 'Notes on tea',
  language: 'ko',
  email: '',
});
const administrators = (): Promise<{ username: string }[]> =>
  query(inkwell, `SELECT username FROM users WHERE role = 'admin' ORDER BY id`);

describe('the setup link', () => {
  it('is the same on every replica and after a restart, and the database alone does not give it away', async () => {
    const link = await linkOf(inkwell);
    expect(link).toMatch(/^\/studio\/setup\?token=[\w-]{43}$/);
    expect(await linkOf(other)).toBe(link);
    const rows = await query<{ row: string }>(inkwell, 'SELECT to_json(setup)::text AS row FROM setup');
    expect(rows[0]!.row).not.toContain(tokenIn(link));
  });

  it('makes an administrator, names the blog, signs the person in, and leads to the first post', async () => {
    const link = await linkOf(inkwell);
    const browser = new StudioBrowser(inkwell);
    const page = await browser.get(link);
    expect([page.status, page.body.match(/<(?:input|select|textarea)(?! type="hidden")/g)?.length]).toEqual([
      200, 5,
    ]);
    const done = await browser.post('/studio/setup', { ...form('ada'), token: tokenIn(link) });
    expect([done.status, done.location]).toEqual([303, '/studio/posts/new']);
    expect(await administrators()).toEqual([{ username: 'ada' }]);
    const site = await api(other).get('/api/site');
    expect(site.body).toMatchObject({ title: 'Notes on tea', language: 'ko' });
    expect((await browser.at(other).get('/studio/cache')).status).toBe(200);
  });

  it('works once', async () => {
    const link = await linkOf(inkwell);
    const token = tokenIn(link);
    await new StudioBrowser(inkwell).post('/studio/setup', { ...form('ada'), token });
    for (const replica of [inkwell, other]) {
      const late = new StudioBrowser(replica);
      expect((await late.get(link)).status).toBe(410);
      expect((await late.post('/studio/setup', { ...form('eve'), token })).status).toBe(410);
      expect(await replica.app.get(Setup).path()).toBeNull();
    }
    expect(await administrators()).toEqual([{ username: 'ada' }]);
  });

  it('makes exactly one administrator of people who use it at the same moment', async () => {
    const token = tokenIn(await linkOf(inkwell));
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        new StudioBrowser([inkwell, other][index % 2]!).post('/studio/setup', {
          ...form(`ada${index}`),
          token,
        }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 410, 410, 410, 410, 410]);
    expect(await administrators()).toHaveLength(1);
    expect(await query(inkwell, 'SELECT FROM users')).toHaveLength(1);
  });

  it('is another one when the last administrator is gone', async () => {
    const first = await linkOf(inkwell);
    await new StudioBrowser(inkwell).post('/studio/setup', { ...form('ada'), token: tokenIn(first) });
    await query(inkwell, `UPDATE users SET role = 'author'`);
    const second = await linkOf(other);
    expect(second).not.toBe(first);
    expect((await new StudioBrowser(inkwell).get(first)).status).toBe(403);
    expect((await new StudioBrowser(inkwell).get(second)).status).toBe(200);
  });
});

describe('the setup page', () => {
  it.each(['', 'guess', 'x'.repeat(43)])('refuses the token %j, and changes nothing', async (token) => {
    await linkOf(inkwell);
    const refused = await new StudioBrowser(inkwell).post('/studio/setup', { ...form('eve'), token });
    expect(refused.status).toBe(403);
    expect(await query(inkwell, 'SELECT FROM users')).toEqual([]);
  });

  it('shows what was typed, and what is wrong with it', async () => {
    const token = tokenIn(await linkOf(inkwell));
    const typed = { ...form('Ada Lovelace'), token, title: 'Tea & <b>', password: 'password' };
    const { status, body } = await new StudioBrowser(inkwell).post('/studio/setup', typed);
    expect(status).toBe(400);
    expect(body).toContain('value="Ada Lovelace"');
    expect(body).toContain('value="Tea &amp; &lt;b&gt;"');
    expect(body).toMatch(/id="username-error"/);
    expect(body).not.toContain('value="password"');
  });

  it('gives no other role, and takes no other setting', async () => {
    const token = tokenIn(await linkOf(inkwell));
    await new StudioBrowser(inkwell).post('/studio/setup', {
      ...form('ada'),
      token,
      role: 'reader',
      footer: 'x',
    });
    expect(await administrators()).toEqual([{ username: 'ada' }]);
    expect((await api(inkwell).get('/api/site')).body).toMatchObject({ footer: '' });
  });

  it('says at the sign-in how to get in, until there is an administrator', async () => {
    await register(inkwell, 'bob');
    const signIn = () => new StudioBrowser(inkwell).get('/studio/sign-in');
    expect((await signIn()).body).toContain('This blog has no administrator yet.');
    await query(inkwell, `UPDATE users SET role = 'admin'`);
    expect((await signIn()).body).not.toContain('This blog has no administrator yet.');
  });

  it('refuses the form of another site', async () => {
    const token = tokenIn(await linkOf(inkwell));
    const answer = await new StudioBrowser(inkwell).post(
      '/studio/setup',
      { ...form('eve'), token },
      { origin: 'https://evil.example' },
    );
    expect(answer.status).toBe(403);
    expect(await query(inkwell, 'SELECT FROM users')).toEqual([]);
  });
});

describe('with SETUP_TOKEN', () => {
  it('asks for it, rather than printing a code', async () => {
    const fixed = await startInkwell(
      { SETUP_TOKEN: 'sixteen-or-more-characters' },
      { databaseUrl: inkwell.databaseUrl },
    );
    try {
      expect(await linkOf(fixed)).toBe('/studio/setup');
      const browser = new StudioBrowser(fixed);
      expect((await browser.get('/studio/setup')).body).toContain('name="token"');
      const wrong = await browser.post('/studio/setup', { ...form('ada'), token: 'something-else-entirely' });
      expect(wrong.status).toBe(403);
      const right = await browser.post('/studio/setup', {
        ...form('ada'),
        token: 'sixteen-or-more-characters',
      });
      expect(right.location).toBe('/studio/posts/new');
    } finally {
      await fixed.close();
    }
  });
});
