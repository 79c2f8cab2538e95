import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { login, PASSWORD, promote, register, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { signedIn, StudioBrowser } from '../support/studio.js';

const NEW_PASSWORD = 'another quiet green kettle';

let inkwell: Inkwell;
let other: Inkwell;
beforeAll(async () => {
  inkwell = await startInkwell();
  other = await startInkwell({}, { databaseUrl: inkwell.databaseUrl });
  await register(inkwell, 'keeper');
  await promote(inkwell, 'keeper', 'admin');
});
afterAll(async () => {
  await other.close();
  await inkwell.close();
});

const isSignedIn = async (browser: StudioBrowser): Promise<boolean> =>
  (await browser.get('/studio/account')).status === 200;

describe('/studio/account', () => {
  it('leads to the sign-in and back without a session', async () => {
    const { status, location } = await new StudioBrowser(inkwell).get('/studio/account?x=1');
    expect([status, location]).toEqual([303, '/studio/sign-in?next=%2Fstudio%2Faccount%3Fx%3D1']);
  });

  it('leads there as well once the session has expired', async () => {
    const browser = await signedIn(inkwell, 'exp');
    expect(await isSignedIn(browser)).toBe(true);
    await query(
      inkwell,
      `UPDATE sessions SET refreshed_at = now() - interval '14 days 1 minute'
       WHERE user_id = (SELECT id FROM users WHERE username = 'exp')`,
    );
    expect((await browser.get('/studio/account')).location).toMatch(/^\/studio\/sign-in\?next=/);
    const refused = await browser.post('/studio/account/profile', {
      display_name: 'Late',
      bio: '',
      email: '',
    });
    expect(refused.status).toBe(401);
    expect(refused.body).toContain('your browser still has what you typed');
    expect(refused.headers.get('content-security-policy')).toContain(
      "script-src 'self'; style-src 'self' 'nonce-",
    );
  });

  it('is used for as long as it is used: a request an hour later keeps it for 14 days more', async () => {
    const browser = await signedIn(inkwell, 'idle');
    const used = async (): Promise<number> => {
      const [row] = await query<{ age: number }>(
        inkwell,
        `SELECT extract(epoch FROM now() - refreshed_at)::int AS age FROM sessions s
         JOIN users u ON u.id = s.user_id WHERE username = 'idle'`,
      );
      return row!.age;
    };
    await query(inkwell, `UPDATE sessions SET refreshed_at = now() - interval '13 days'`);
    expect(await isSignedIn(browser)).toBe(true);
    expect(await used()).toBeLessThan(3_600);
  });

  it('changes the profile, and the pages with it, on every replica', async () => {
    const browser = await signedIn(inkwell, 'ada');
    const saved = await browser.post('/studio/account/profile', {
      display_name: 'Ada L.',
      bio: 'Tea.\r\nMore tea.',
      email: 'ada@example.net',
    });
    expect(saved.location).toBe('/studio/account?done=saved');
    const { body } = await api(other).get('/api/users/ada');
    expect(body).toMatchObject({ display_name: 'Ada L.', bio: 'Tea.\nMore tea.' });
  });

  it('changes nothing else, whatever the form sends', async () => {
    const browser = await signedIn(inkwell, 'mallory');
    await browser.post('/studio/account/profile', {
      ...{ display_name: 'M', bio: '', email: 'mallory@example.org' },
      ...{ role: 'admin', id: '1', password: NEW_PASSWORD, username: 'keeper' },
    });
    const { token } = await login(inkwell, 'mallory');
    expect((await api(inkwell).get('/api/users/me', token)).body).toMatchObject({
      role: 'author',
      username: 'mallory',
    });
  });

  it('keeps what was typed when a field is wrong', async () => {
    const browser = await signedIn(inkwell, 'typo');
    const refused = await browser.post('/studio/account/profile', {
      display_name: 'T',
      bio: 'b',
      email: 'nonsense',
    });
    expect(refused.status).toBe(400);
    expect(refused.body).toContain('value="nonsense"');
    expect(refused.body).toContain('id="email-error"');
  });
});

describe('a change of the password', () => {
  it('ends every other session, and gives this browser another cookie', async () => {
    const browser = await signedIn(inkwell, 'bob');
    const elsewhere = new StudioBrowser(other);
    await elsewhere.signIn('bob');
    const { token } = await login(inkwell, 'bob');
    const stolen = browser.at(other);
    const form = { current_password: PASSWORD, password: NEW_PASSWORD };
    const { location } = await browser.post('/studio/account/password', form);
    expect(location).toBe('/studio/account?done=password-changed');
    expect(await isSignedIn(browser)).toBe(true);
    expect(await isSignedIn(browser.at(other))).toBe(true);
    expect(await isSignedIn(stolen)).toBe(false);
    expect(await isSignedIn(elsewhere)).toBe(false);
    expect((await api(other).get('/api/users/me', token)).status).toBe(401);
    expect((await new StudioBrowser(inkwell).signIn('bob')).status).toBe(401);
    expect((await new StudioBrowser(inkwell).signIn('bob', NEW_PASSWORD)).status).toBe(303);
  });

  it('needs the current one, and changes nothing without it', async () => {
    const browser = await signedIn(inkwell, 'carol');
    const { cookie } = browser;
    const refused = await browser.post('/studio/account/password', {
      current_password: 'not the password',
      password: NEW_PASSWORD,
    });
    expect(refused.status).toBe(403);
    expect(browser.cookie).toBe(cookie);
    expect((await new StudioBrowser(inkwell).signIn('carol')).status).toBe(303);
  });
});

describe('the list of sessions', () => {
  it('marks this one, and ends another', async () => {
    const browser = await signedIn(inkwell, 'dora');
    const phone = new StudioBrowser(other, { 'user-agent': 'A phone' });
    await phone.signIn('dora');
    const { body } = await browser.get('/studio/account');
    expect(body.match(/this one/g)).toHaveLength(1);
    const path = /action="(\/studio\/account\/sessions\/[0-9a-f-]{36}\/end)"/.exec(body)![1]!;
    await browser.post(path);
    expect(await isSignedIn(phone)).toBe(false);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('ends no session of somebody else', async () => {
    const browser = await signedIn(inkwell, 'erin');
    const victim = await signedIn(inkwell, 'victim');
    const rows = await query<{ id: string }>(
      inkwell,
      `SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id WHERE username = 'victim'`,
    );
    await browser.post(`/studio/account/sessions/${rows[0]!.id}/end`);
    expect(await isSignedIn(victim)).toBe(true);
  });

  it('ends all others at once', async () => {
    const browser = await signedIn(inkwell, 'fred');
    const phone = new StudioBrowser(other);
    await phone.signIn('fred');
    await browser.post('/studio/account/sessions/end-others');
    expect([await isSignedIn(phone), await isSignedIn(browser)]).toEqual([false, true]);
  });
});

describe('deleting the account', () => {
  it('needs the password', async () => {
    const browser = await signedIn(inkwell, 'gina');
    const refused = await browser.post('/studio/account/delete', { password_to_delete: 'wrong' });
    expect(refused.status).toBe(403);
    expect(await isSignedIn(browser)).toBe(true);
    const gone = await browser.post('/studio/account/delete', { password_to_delete: PASSWORD });
    expect(gone.location).toBe('/studio/sign-in?done=account-deleted');
    expect(browser.cookie).not.toContain('inkwell=');
    expect((await api(other).get('/api/users/gina')).status).toBe(404);
  });

  it('is refused to the last administrator', async () => {
    const browser = new StudioBrowser(inkwell);
    await browser.signIn('keeper');
    const refused = await browser.post('/studio/account/delete', { password_to_delete: PASSWORD });
    expect(refused.status).toBe(409);
    expect((await api(inkwell).get('/api/users/keeper')).status).toBe(200);
  });
});

describe('/studio/sign-up', () => {
  it('creates an account with the default role, whatever the form sends, and signs it in', async () => {
    const browser = new StudioBrowser(inkwell);
    expect((await browser.get('/studio/sign-in')).body).toContain('href="/studio/sign-up"');
    const account = { username: 'newbie', email: 'newbie@example.org', password: PASSWORD, role: 'admin' };
    expect((await browser.post('/studio/sign-up', account)).location).toBe('/studio/posts');
    expect(await isSignedIn(browser)).toBe(true);
    expect((await api(inkwell).get('/api/users/newbie')).body).toMatchObject({ role: 'author' });
  });

  it('tells a reader that they cannot write yet, in their language', async () => {
    const browser = await signedIn(inkwell, 'lena');
    await promote(inkwell, 'lena', 'reader');
    const english = await browser.get('/studio/posts/new');
    expect([english.status, english.body]).toEqual([403, expect.stringContaining('You are a reader')]);
    await browser.post('/studio/language', { language: 'ko' });
    expect((await browser.get('/studio/posts/new')).body).toContain('독자 계정입니다');
  });

  it('says that a name is taken, and keeps what was typed', async () => {
    await registerAndLogin(inkwell, 'taken');
    const account = { username: 'taken', email: 'other@example.org', password: PASSWORD };
    const { status, body } = await new StudioBrowser(inkwell).post('/studio/sign-up', account);
    expect(status).toBe(409);
    expect(body).toContain('value="other@example.org"');
  });

  it('is closed when registration is closed', async () => {
    const closed = await startInkwell({ REGISTRATION: 'closed' }, { databaseUrl: inkwell.databaseUrl });
    try {
      const browser = new StudioBrowser(closed);
      expect((await browser.get('/studio/sign-up')).status).toBe(403);
      expect((await browser.get('/studio/sign-in')).body).not.toContain('/studio/sign-up');
      const account = { username: 'sneaky', email: 'sneaky@example.org', password: PASSWORD };
      expect((await browser.post('/studio/sign-up', account)).status).toBe(403);
      expect((await api(closed).get('/api/users/sneaky')).status).toBe(404);
    } finally {
      await closed.close();
    }
  });
});
