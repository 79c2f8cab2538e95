import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/documented-api.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

let inkwell: Inkwell;
let ada: Account;
let bea: Account;
beforeAll(async () => {
  inkwell = await startInkwell();
  ada = await registerAndLogin(inkwell, 'ada');
  bea = await registerAndLogin(inkwell, 'bea');
});
afterAll(() => inkwell.close());

const get = (path: string) => api(inkwell).get(path);

describe('GET /api/users/:id', () => {
  it('shows the public profile by number and by name, never the e-mail address', async () => {
    const [byId, byName] = [await get(`/api/users/${ada.id}`), await get('/api/users/ada')];
    expect(byId.status).toBe(200);
    expect(byId.body).toEqual({
      id: ada.id,
      username: 'ada',
      display_name: '',
      bio: '',
      role: 'author',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expect(byName.body).toEqual(byId.body);
  });

  it('shows it to its owner without the e-mail address too', async () => {
    const { body } = await api(inkwell).get('/api/users/ada', ada.token);
    expect(body).not.toHaveProperty('email');
  });

  it('carries a strong ETag and lets browsers keep it only if they ask again', async () => {
    const { headers } = await get('/api/users/ada');
    const etag = headers.get('etag')!;
    expect(etag).toMatch(/^"[^"]+"$/);
    expect(headers.get('cache-control')).toBe('public, no-cache');
    const again = await api(inkwell).get('/api/users/ada', undefined, { 'if-none-match': etag });
    expect([again.status, again.body, again.headers.get('etag')]).toEqual([304, undefined, etag]);
  });

  it.each(['/api/users/nobody', '/api/users/2147483647', '/api/users/999999'])(
    'answers 404 for %s',
    async (path) => {
      const { status, body } = await get(path);
      expect(status).toBe(404);
      expect(body).toMatchObject({ code: 'user.not_found', instance: path });
    },
  );

  it.each([
    '0',
    '-1',
    '9e99',
    '1.5',
    '2147483648',
    '99999999999999999999',
    'Ada',
    'ab',
    '%20',
    'a%2Fb',
    '%EC%95%84',
  ])('refuses the id %s with 400', async (id) => {
    const { status, body } = await get(`/api/users/${id}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'request.invalid', errors: [{ pointer: '/id' }] });
  });

  it('shows a user from the moment the registration is answered, though their absence was shown before', async () => {
    expect((await get('/api/users/late')).status).toBe(404);
    const late = await registerAndLogin(inkwell, 'late');
    expect((await get('/api/users/late')).status).toBe(200);
    expect((await get(`/api/users/${late.id}`)).status).toBe(200);
  });
});

describe('GET /api/users?ids=', () => {
  const list = (query: string) => api(inkwell).get<{ id: number }[]>(`/api/users${query}`);

  it('lists profiles in the order asked for, without those that do not exist, each once', async () => {
    const { status, body } = await list(`?ids=${bea.id},999999,${ada.id},${bea.id}`);
    expect(status).toBe(200);
    expect(body).toEqual([(await get('/api/users/bea')).body, (await get('/api/users/ada')).body]);
  });

  it('is an empty array when none exists', async () => {
    expect((await list('?ids=999998,999999')).body).toEqual([]);
  });

  it('takes a hundred', async () => {
    const ids = Array.from({ length: 100 }, (_, index) => index + 1);
    const { status, body } = await list(`?ids=${ids.join(',')}`);
    expect(status).toBe(200);
    expect(body.map(({ id }) => id)).toEqual(expect.arrayContaining([ada.id, bea.id]));
  });

  it.each([
    '',
    '?ids=',
    '?ids=1,',
    '?ids=,',
    '?ids=a',
    '?ids=ada',
    '?ids=1;2',
    '?ids=1%202',
    '?ids=-1',
    '?ids=0',
    '?ids=9e99',
    '?ids=2147483648',
    '?ids=1&ids=2',
    '?ids=1&page=2',
    `?ids=${Array.from({ length: 101 }, (_, index) => index + 1).join(',')}`,
  ])('refuses "%s" with 400', async (query) => {
    expect((await list(query)).status).toBe(400);
  });
});

describe('GET /api/users/me', () => {
  it('shows the own account with the e-mail address, and is never kept', async () => {
    const { status, headers, body } = await api(inkwell).get('/api/users/me', ada.token);
    expect(status).toBe(200);
    expect(body).toEqual({
      id: ada.id,
      username: 'ada',
      email: 'ada@example.org',
      display_name: '',
      bio: '',
      role: 'author',
      created_at: expect.stringMatching(/Z$/),
      updated_at: expect.stringMatching(/Z$/),
    });
    expect(headers.get('cache-control')).toContain('no-store');
  });

  it('refuses no token with 401', async () => {
    const { status, body } = await get('/api/users/me');
    expect([status, body['code']]).toEqual([401, 'auth.required']);
  });
});

describe('any route of users', () => {
  it('answers 405 with the methods there are', async () => {
    const { status, headers, body } = await api(inkwell).post('/api/users/ada', {}, ada.token);
    expect([status, body['code']]).toEqual([405, 'route.method_not_allowed']);
    expect(headers.get('allow')).toBe('DELETE, GET, HEAD, PATCH, PUT');
  });

  it('answers 404 below it', async () => {
    expect((await get('/api/users/ada/posts')).status).toBe(404);
  });
});
