import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { login, PASSWORD, promote, register, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { meeting, outboxOf, query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { signedIn, type StudioAnswer, StudioBrowser } from '../support/studio.js';

let inkwell: Inkwell;
let other: Inkwell;
let root: StudioBrowser;
let rootId: number;
beforeAll(async () => {
  inkwell = await startInkwell();
  other = await startInkwell({}, { databaseUrl: inkwell.databaseUrl });
  root = await signedIn(inkwell, 'root-1');
  await promote(inkwell, 'root-1', 'admin');
  [{ id: rootId }] = (await query<{ id: number }>(inkwell, `SELECT id FROM users`)) as [{ id: number }];
});
afterAll(async () => {
  await other.close();
  await inkwell.close();
});

const PAGE = '/studio/people';
const NEW_PASSWORD = 'seven slow yellow boats';
const statusOf = async (path: string, token?: string): Promise<number> =>
  (await api(other).get(path, token)).status;
const roleOf = async (name: string): Promise<unknown> =>
  (await api(other).get(`/api/users/${name}`)).body['role'];

describe('GET /studio/people', () => {
  it('lists accounts page by page, and finds them by any of their names', async () => {
    await query(
      inkwell,
      `INSERT INTO users (username, display_name, email, role)
       SELECT 'many-' || lpad(n::text, 3, '0'), 'Many ' || n, 'm' || n || '@example.org', 'reader' FROM generate_series(1, 60) AS n`,
    );
    const first = await root.get(PAGE);
    expect(first.status).toBe(200);
    expect(first.body).toContain('many-050');
    expect(first.body).not.toContain('many-051');
    const next = /href="([^"]*after=[^"]*)"/.exec(first.body)?.[1]?.replaceAll('&amp;', '&');
    const second = await root.get(next!);
    expect(second.body).toContain('many-051');
    expect(second.body).toContain('root-1');
    for (const q of ['MANY-033', 'many 33', 'm33@EXAMPLE']) {
      const found = await root.get(`${PAGE}?${new URLSearchParams({ q }).toString()}`);
      expect([q, found.body.match(/\/studio\/people\/\d+/g)?.length]).toEqual([q, 1]);
      expect(found.body).toContain('m33@example.org');
    }
    for (const q of ['%', '_', '\\', "'", '<b>'])
      expect((await root.get(`${PAGE}?${new URLSearchParams({ q }).toString()}`)).body).toContain(
        'Nobody matches.',
      );
    expect((await root.get(PAGE, { 'accept-language': 'ko' })).body).toContain('가입일');
  });

  it.each([PAGE, `${PAGE}/1`])('%s is for administrators', async (path) => {
    const author = await signedIn(inkwell, `author-${path.length}`);
    expect((await author.get(path)).status).toBe(403);
    expect((await new StudioBrowser(inkwell).get(path)).status).toBe(303);
  });

  it.each([
    ['/999999', 404],
    ['/0', 400],
    ['/ada', 400],
  ])('says clearly that %s is nobody', async (path, expected) => {
    const { status, body } = await root.get(PAGE + path);
    expect([status, body]).toEqual([expected, expect.stringContaining('role="alert"')]);
  });
});

describe('changing a role', () => {
  it('takes effect at once on every replica', async () => {
    const id = await register(inkwell, 'bea');
    const bea = await signedIn(inkwell, 'bea-2');
    const person = await root.get(`${PAGE}/${id}`);
    expect(person.body).toMatch(/<option value="author"\s+selected/);
    const changed = await root.post(`${PAGE}/${id}/role`, { role: 'admin' });
    expect([changed.status, changed.location]).toEqual([303, `${PAGE}/${id}?done=role-changed`]);
    expect((await root.get(changed.location!)).body).toContain('The role has changed.');
    expect(await roleOf('bea')).toBe('admin');
    expect((await bea.at(other).get(PAGE)).status).toBe(403);
    const [{ id: other2 }] = (await query(inkwell, `SELECT id FROM users WHERE username = 'bea-2'`)) as [
      { id: number },
    ];
    await root.post(`${PAGE}/${other2}/role`, { role: 'admin' });
    expect((await bea.at(other).get(PAGE)).status).toBe(200);
    for (const each of [id, other2]) await root.post(`${PAGE}/${each}/role`, { role: 'author' });
    expect((await bea.at(other).get(PAGE)).status).toBe(403);
  });

  it('never demotes the last administrator', async () => {
    const { status, body } = await root.post(`${PAGE}/${rootId}/role`, { role: 'reader' });
    expect(status).toBe(409);
    expect(body).toContain('Make somebody else an administrator first.');
    expect(await roleOf('root-1')).toBe('admin');
    const korean = await root.post(`${PAGE}/${rootId}/role`, { role: 'reader' }, { 'accept-language': 'ko' });
    expect(korean.body).toContain('마지막 관리자입니다.');
  });

  it('leaves one of two administrators who demote each other at the same moment', async () => {
    const second = await signedIn(inkwell, 'second');
    await promote(inkwell, 'second', 'admin');
    const [{ id }] = (await query(inkwell, `SELECT id FROM users WHERE username = 'second'`)) as [
      { id: number },
    ];
    const statuses = await meeting(inkwell, `SELECT FROM users WHERE role = 'admin' FOR UPDATE`, [], () =>
      [
        root.post(`${PAGE}/${id}/role`, { role: 'author' }),
        second.at(other).post(`${PAGE}/${rootId}/role`, { role: 'author' }),
      ].map(async (answer) => (await answer).status),
    );
    expect(statuses.toSorted()).toEqual([303, 409]);
    const admins = await query(inkwell, `SELECT username FROM users WHERE role = 'admin'`);
    expect(admins).toHaveLength(1);
    await promote(inkwell, 'root-1', 'admin');
    await promote(inkwell, 'second', 'author');
  });

  it('refuses other roles, other fields, other people and other sites', async () => {
    const id = await register(inkwell, 'carl');
    const author = await signedIn(inkwell, 'writer');
    const refusals = async () => {
      const statuses = [
        await root.post(`${PAGE}/${id}/role`, { role: 'owner' }),
        await root.post(`${PAGE}/${id}/role`, { role: 'admin', password: 'x' }),
        await root.post(`${PAGE}/${id}/role`),
        await root.post(`${PAGE}/999999/role`, { role: 'admin' }),
        await author.post(`${PAGE}/${id}/role`, { role: 'admin' }),
        await root.post(`${PAGE}/${id}/role`, { role: 'admin' }, { origin: 'https://evil.example' }),
        await root.post(`${PAGE}/${id}/sign-out`, {}, { 'sec-fetch-site': 'cross-site', origin: '' }),
        await author.post(`${PAGE}/${id}/reset-link`),
      ].map(({ status }) => status);
      expect(statuses).toEqual([400, 400, 400, 404, 403, 403, 403, 403]);
    };
    expect(await outboxOf(inkwell, refusals)).toEqual([]);
    expect(await roleOf('carl')).toBe('author');
    expect(await query(inkwell, 'SELECT FROM password_resets')).toEqual([]);
  });
});

describe('signing somebody out', () => {
  it('ends every session, of browsers and of the API, on every replica', async () => {
    const dora = await registerAndLogin(inkwell, 'dora');
    const browser = new StudioBrowser(inkwell);
    await browser.signIn('dora');
    expect((await root.get(`${PAGE}/${dora.id}`)).body).toContain('Signed in with 2 sessions.');
    const { location } = await root.post(`${PAGE}/${dora.id}/sign-out`);
    expect((await root.get(location!)).body).toContain('Not signed in anywhere.');
    expect(await statusOf('/api/users/me', dora.token)).toBe(401);
    expect((await browser.at(other).get('/studio/people')).status).toBe(303);
  });
});

describe('a link for a new password', () => {
  const linkIn = ({ body }: StudioAnswer): string =>
    /value="([^"]*\/studio\/reset\?token=[\w-]{43})"/.exec(body)![1]!;
  const made = async (id: number): Promise<string> => {
    const answer = await root.post(`${PAGE}/${id}/reset-link`);
    const { pathname, search } = new URL(linkIn(answer));
    return pathname + search;
  };
  const tokenOf = (path: string): string => path.split('token=')[1]!;
  const use = (path: string, password: string, browser = new StudioBrowser(other)) =>
    browser.post('/studio/reset', { token: tokenOf(path), password });

  it('sets the password once, and ends all sessions', async () => {
    const erin = await registerAndLogin(inkwell, 'erin');
    const path = await made(erin.id);
    const page = await new StudioBrowser(other).get(path);
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(page.body).toContain('erin');
    const done = await use(path, NEW_PASSWORD);
    expect([done.status, done.location]).toEqual([303, '/studio/sign-in?done=password-set']);
    expect(await statusOf('/api/users/me', erin.token)).toBe(401);
    expect((await new StudioBrowser(inkwell).signIn('erin')).status).toBe(401);
    expect((await login(inkwell, 'erin', NEW_PASSWORD)).token).toMatch(/\./);
    for (const again of [await use(path, 'another long phrase'), await new StudioBrowser(inkwell).get(path)])
      expect([again.status, again.body]).toEqual([410, expect.stringContaining('works once')]);
  });

  it('is stored as a hash, and shown to nobody again', async () => {
    const id = await register(inkwell, 'fred');
    const token = tokenOf(await made(id));
    const [row] = await query<{ text: string }>(
      inkwell,
      'SELECT r::text AS text FROM password_resets r WHERE user_id = $1',
      [id],
    );
    expect(row!.text).not.toContain(token);
    expect(row!.text).not.toContain(Buffer.from(token).toString('hex'));
    expect((await root.get(`${PAGE}/${id}`)).body).not.toContain(token);
  });

  it.each([
    [
      'it has expired',
      (id: number) =>
        query(inkwell, `UPDATE password_resets SET expires_at = now() WHERE user_id = $1`, [id]),
    ],
    ['another one was made', (id: number) => made(id)],
    [
      'the password has changed',
      async (id: number) =>
        api(inkwell).patch(
          `/api/users/${id}`,
          { password: 'brown bears in boots' },
          (await login(inkwell, 'root-1')).token,
        ),
    ],
  ])('is worthless when %s', async (_, happens) => {
    const id = await register(inkwell, `gail-${Math.random().toString(36).slice(2, 8)}`);
    const path = await made(id);
    await happens(id);
    expect((await use(path, NEW_PASSWORD)).status).toBe(410);
  });

  it('refuses a password that is easy to guess, and is not used up by it', async () => {
    const id = await register(inkwell, 'hana');
    const path = await made(id);
    for (const password of ['short', 'password1234', '']) {
      const { status, body } = await use(path, password);
      expect([status, body]).toEqual([400, expect.stringContaining('id="password-error"')]);
    }
    const korean = new StudioBrowser(other, { 'accept-language': 'ko' });
    expect((await use(path, 'short', korean)).body).toContain('8자 이상이어야 합니다.');
    expect((await use(path, NEW_PASSWORD)).status).toBe(303);
  });

  it('is used by one of two who have it', async () => {
    const id = await register(inkwell, 'iris');
    const path = await made(id);
    const answers = await Promise.all([
      use(path, NEW_PASSWORD),
      use(path, 'ninety green apples'),
      use(path, 'windy winter walks'),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 410, 410]);
  });

  it('lets an imported author in, who had no password', async () => {
    await query(inkwell, `INSERT INTO users (username, role) VALUES ('imported', 'author')`);
    const [{ id }] = (await query(inkwell, `SELECT id FROM users WHERE username = 'imported'`)) as [
      { id: number },
    ];
    expect((await root.get(`${PAGE}?q=imported`)).body).toContain('cannot sign in yet');
    await use(await made(id), NEW_PASSWORD);
    expect((await new StudioBrowser(inkwell).signIn('imported', NEW_PASSWORD)).status).toBe(303);
  });

  it('with an invented token leads nowhere', async () => {
    for (const token of ['', 'x', 'A'.repeat(43), 'A'.repeat(5_000)])
      expect((await new StudioBrowser(inkwell).get(`/studio/reset?token=${token}`)).status).toBe(410);
    const foreign = await new StudioBrowser(inkwell).post(
      '/studio/reset',
      { token: 'x' },
      { origin: 'https://evil.example' },
    );
    expect(foreign.status).toBe(403);
  });
});

describe('deleting an account', () => {
  it('needs the password of the administrator', async () => {
    const id = await register(inkwell, 'jane');
    for (const fields of [{}, { current_password: 'not this one' }]) {
      const refused = await root.post(`${PAGE}/${id}/delete`, fields);
      expect([400, 403]).toContain(refused.status);
      expect(refused.body).toContain('id="current_password-error"');
    }
    expect(await statusOf('/api/users/jane')).toBe(200);
    const gone = await root.post(`${PAGE}/${id}/delete`, { current_password: PASSWORD });
    expect([gone.status, gone.location]).toEqual([303, '/studio/people?done=account-deleted']);
    expect(await statusOf('/api/users/jane')).toBe(404);
    expect((await root.get(`${PAGE}/${id}`)).status).toBe(404);
  });

  it('spares the last administrator, in the Studio and by the API', async () => {
    const { status, body } = await root.post(`${PAGE}/${rootId}/delete`, { current_password: PASSWORD });
    expect([status, body]).toEqual([
      409,
      expect.stringContaining('Make somebody else an administrator first.'),
    ]);
    const { token } = await login(inkwell, 'root-1');
    const byApi = await api(inkwell).deleteWith('/api/users/root-1', { current_password: PASSWORD }, token);
    expect([byApi.status, byApi.body['code']]).toEqual([409, 'user.last_administrator']);
    expect(await roleOf('root-1')).toBe('admin');
  });
});
