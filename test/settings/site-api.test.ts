import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, promote, registerAndLogin } from '../support/accounts.js';
import { outboxOf, query } from '../support/database.js';
import { api } from '../support/documented-api.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

const PATH = '/api/site';
const NEW = {
  title: 'My blog',
  description: '',
  language: 'en',
  time_zone: 'UTC',
  posts_per_page: 10,
  accent_color: '#1f5fae',
  navigation: [],
  footer: '',
};

let inkwell: Inkwell;
let root: Account;
let ada: Account;
beforeAll(async () => {
  inkwell = await startInkwell();
  [root, ada] = await Promise.all([registerAndLogin(inkwell, 'rooty'), registerAndLogin(inkwell, 'ada')]);
  await promote(inkwell, 'rooty', 'admin');
});
afterAll(() => inkwell.close());

const show = () => api(inkwell).get<typeof NEW>(PATH);
const change = (body: unknown, headers: Record<string, string> = {}, by = root) =>
  api(inkwell).patch<Record<string, unknown>>(PATH, body, by.token, headers);

describe('GET /api/site', () => {
  it('shows the settings of a new blog, cached, with an ETag', async () => {
    const first = await show();
    expect([first.status, first.body]).toEqual([200, NEW]);
    expect(first.headers.get('etag')).toMatch(/^"1-[\w-]{16}"$/);
    expect((await show()).headers.get('cache-status')).toBe('inkwell; hit');
  });
});

describe('PATCH /api/site', () => {
  it('changes the given settings and leaves the others, and the next reader sees it', async () => {
    await show();
    const changes = {
      title: '차와 커피',
      language: 'ko',
      time_zone: 'Asia/Seoul',
      accent_color: '#AA3300',
      navigation: [
        { label: 'About', url: '/blog/posts/about' },
        { label: 'Code', url: 'https://example.org/code' },
      ],
    };
    const changed = await change(changes);
    const expected = { ...NEW, ...changes, accent_color: '#aa3300' };
    expect([changed.status, changed.body]).toEqual([200, expected]);
    const after = await show();
    expect(after.body).toEqual(expected);
    expect(after.headers.get('etag')).toBe(changed.headers.get('etag'));
  });

  it('takes a merge patch, in which null restores the value of a new blog', async () => {
    await change({ title: 'Something', footer: 'By *Ada*.' });
    const restored = await change(
      { title: null, footer: null },
      { 'content-type': 'application/merge-patch+json' },
    );
    expect(restored.body).toMatchObject({ title: 'My blog', footer: '' });
  });

  it('refuses to overwrite a change that the client has not seen', async () => {
    const { headers } = await show();
    const etag = headers.get('etag')!;
    expect((await change({ title: 'First' }, { 'if-match': etag })).status).toBe(200);
    const refused = await change({ title: 'Second' }, { 'if-match': etag });
    expect(refused).toMatchObject({ status: 412, body: { code: 'site.version_mismatch' } });
    const current = (await show()).headers.get('etag');
    expect(refused.headers.get('etag')).toBe(current);
    expect((await show()).body.title).toBe('First');
  });

  it('is carried out once with an Idempotency-Key', async () => {
    const key = { 'idempotency-key': 'settings-1' };
    const first = await change({ title: 'Once' }, key);
    await change({ title: 'Later' });
    const again = await change({ title: 'Once' }, key);
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await show()).body.title).toBe('Later');
    expect((await change({ title: 'Other' }, key)).body).toMatchObject({ code: 'idempotency.key_reused' });
  });

  it('records one event that touches every page, and none but a repetition if nothing changes', async () => {
    const events = await outboxOf(inkwell, async () => {
      await change({ title: 'Recorded', description: 'Twice.' });
      await change({ title: 'Recorded' });
    });
    expect(events).toEqual([
      {
        event: 'site.changed',
        payload: { version: expect.any(Number), changed: ['title', 'description'] },
        tags: ['site'],
      },
      { event: 'change.repeated', payload: {}, tags: ['site'] },
    ]);
  });

  it.each([
    [{ titel: 'x' }, '/titel'],
    [{ title: '' }, '/title'],
    [{ title: '\u200b' }, '/title'],
    [{ title: 'x'.repeat(101) }, '/title'],
    [{ title: 'two\nlines' }, '/title'],
    [{ description: 'x'.repeat(301) }, '/description'],
    [{ language: 'de' }, '/language'],
    [{ time_zone: 'Europe/Atlantis' }, '/time_zone'],
    [{ time_zone: '+09:00' }, '/time_zone'],
    [{ posts_per_page: 0 }, '/posts_per_page'],
    [{ posts_per_page: 101 }, '/posts_per_page'],
    [{ posts_per_page: '10' }, '/posts_per_page'],
    [{ accent_color: '#12345' }, '/accent_color'],
    [{ accent_color: 'red;}body{display:none' }, '/accent_color'],
    [{ footer: 'x'.repeat(1001) }, '/footer'],
    [{ navigation: [{ label: 'x', url: 'javascript:alert(1)' }] }, '/navigation/0/url'],
    [{ navigation: [{ label: 'x', url: '//elsewhere.example' }] }, '/navigation/0/url'],
    [{ navigation: [{ label: 'x', url: '/\\elsewhere.example' }] }, '/navigation/0/url'],
    [{ navigation: [{ label: 'x', url: 'https://user@host.example/' }] }, '/navigation/0/url'],
    [{ navigation: [{ label: 'x', url: 'about' }] }, '/navigation/0/url'],
    [{ navigation: [{ label: ' ', url: '/' }] }, '/navigation/0/label'],
    [{ navigation: Array.from({ length: 21 }, () => ({ label: 'x', url: '/' })) }, '/navigation'],
    [{ registration: 'open' }, '/registration'],
    [{ version: 9 }, '/version'],
  ])('refuses %j with 400 and says where', async (body, pointer) => {
    const before = (await show()).body;
    const refused = await change(body);
    expect(refused).toMatchObject({ status: 400, body: { code: 'request.invalid', errors: [{ pointer }] } });
    expect((await show()).body).toEqual(before);
  });

  it('is for administrators only', async () => {
    expect((await change({ title: 'Mine' }, {}, ada)).body).toMatchObject({ code: 'auth.forbidden' });
    expect((await api(inkwell).patch(PATH, { title: 'Mine' })).status).toBe(401);
  });
});

describe('settings that the environment fixes', () => {
  let fixed: Inkwell;
  let admin: Account;
  beforeAll(async () => {
    fixed = await startInkwell({ SITE_TITLE: 'Fixed title', SITE_POSTS_PER_PAGE: '3' });
    admin = await registerAndLogin(fixed, 'rooty');
    await promote(fixed, 'rooty', 'admin');
  });
  afterAll(() => fixed.close());

  it('are in force', async () => {
    const { body } = await api(fixed).get(PATH);
    expect(body).toEqual({ ...NEW, title: 'Fixed title', posts_per_page: 3 });
  });

  it('cannot be changed: 409 names the variable and changes nothing', async () => {
    const refused = await api(fixed).patch(PATH, { title: 'Other', language: 'ko' }, admin.token);
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'site.fixed', errors: [{ pointer: '/title', detail: 'is fixed by the environment' }] },
    });
    expect((refused.body as { detail: string }).detail).toContain('SITE_TITLE');
    expect((await api(fixed).get(PATH)).body).toMatchObject({ language: 'en' });
  });

  it('may be sent back as they were read', async () => {
    const { body } = await api(fixed).get<typeof NEW>(PATH);
    const { status } = await api(fixed).patch(PATH, { ...body, language: 'ko' }, admin.token);
    expect(status).toBe(200);
    expect((await api(fixed).get(PATH)).body).toEqual({ ...body, language: 'ko' });
    // The database does not take over what the environment says.
    expect(await query(fixed, 'SELECT title FROM site')).toEqual([{ title: 'My blog' }]);
  });
});
