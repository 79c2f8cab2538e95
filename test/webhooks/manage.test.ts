import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/documented-api.js';
import { query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { administrator, made, type Webhook, WEBHOOKS } from './hooks.js';

const URL_OF_A_HOOK = 'https://hooks.example.org/inkwell';

let inkwell: Inkwell;
let admin: Account;
beforeAll(async () => {
  inkwell = await startInkwell();
  admin = await administrator(inkwell);
});
afterAll(() => inkwell.close());

const create = (body: object, token = admin.token) => api(inkwell).post<Webhook>(WEBHOOKS, body, token);
const valid = { url: URL_OF_A_HOOK, events: ['post.published'] };

describe('POST /api/webhooks', () => {
  it('makes a webhook and shows its secret this once', async () => {
    const { status, headers, body } = await create({ ...valid, description: ' Search index ' });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`${WEBHOOKS}/${body.id}`);
    expect(body).toEqual({
      ...{
        id: expect.any(Number),
        url: URL_OF_A_HOOK,
        events: ['post.published'],
        description: 'Search index',
      },
      ...{ enabled: true, disabled_reason: null, created_at: expect.stringMatching(/Z$/) },
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
    });
    const { body: shown } = await api(inkwell).get<Webhook>(`${WEBHOOKS}/${body.id}`, admin.token);
    const { secret: _, ...rest } = body;
    expect(shown).toEqual(rest);
    const { body: all } = await api(inkwell).get<Webhook[]>(WEBHOOKS, admin.token);
    expect(all).toContainEqual(rest);
  });

  it('takes a secret that the receiver has already, and keeps it encrypted', async () => {
    const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    const { status, body } = await create({ ...valid, secret });
    expect([status, body.secret]).toEqual([201, secret]);
    const [row] = await query<{ secret: string }>(inkwell, 'SELECT secret FROM webhooks WHERE id = $1', [
      body.id,
    ]);
    expect(row!.secret).toMatch(/^[\w-]{8}\.[\w-]+$/);
    expect(row!.secret).not.toContain(secret.slice(6, 20));
  });

  it.each<[what: string, body: object, pointer: string]>([
    ['no URL', { events: ['post.published'] }, '/url'],
    ['another scheme', { ...valid, url: 'ftp://example.org/' }, '/url'],
    ['something that is no URL', { ...valid, url: 'example.org' }, '/url'],
    ['credentials in the URL', { ...valid, url: 'https://me:secret@example.org/' }, '/url'],
    ['a fragment', { ...valid, url: 'https://example.org/#a' }, '/url'],
    ['a URL of 2,049 characters', { ...valid, url: `https://example.org/${'x'.repeat(2029)}` }, '/url'],
    ['loopback', { ...valid, url: 'http://127.0.0.1:9/' }, '/url'],
    ['loopback in another spelling', { ...valid, url: 'http://0x7f.1/' }, '/url'],
    ['loopback in IPv6', { ...valid, url: 'http://[::1]/' }, '/url'],
    ['loopback as mapped IPv4', { ...valid, url: 'http://[::ffff:127.0.0.1]/' }, '/url'],
    ['loopback by name', { ...valid, url: 'http://localhost/' }, '/url'],
    ['a metadata address', { ...valid, url: 'http://169.254.169.254/latest/meta-data' }, '/url'],
    ['a private network', { ...valid, url: 'http://10.0.0.1/' }, '/url'],
    ['no events', { ...valid, events: [] }, '/events'],
    ['an unknown event', { ...valid, events: ['post.liked'] }, '/events/0'],
    ['an event twice', { ...valid, events: ['post.removed', 'post.removed'] }, '/events'],
    ['a short secret', { ...valid, secret: 'whsec_c2hvcnQ=' }, '/secret'],
    ['a secret without its prefix', { ...valid, secret: Buffer.alloc(32).toString('base64') }, '/secret'],
    ['an unknown member', { ...valid, active: true }, '/active'],
  ])('refuses %s with 400', async (_, body, pointer) => {
    const answer = await api(inkwell).post<{ errors: { pointer: string }[] }>(WEBHOOKS, body, admin.token);
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((error) => error.pointer)).toEqual([pointer]);
  });

  it('refuses the fifty-first with 409, also when many come at once', async () => {
    const [count] = await query<{ count: number }>(inkwell, 'SELECT count(*)::int FROM webhooks');
    const answers = await Promise.all(Array.from({ length: 53 - count!.count }, () => create(valid)));
    expect(answers.filter(({ status }) => status === 409).map(({ body }) => body)).toEqual(
      Array.from({ length: 3 }, () => expect.objectContaining({ code: 'webhook.too_many' })),
    );
    await query(inkwell, 'DELETE FROM webhooks');
  });
});

describe('/api/webhooks', () => {
  const routes = [
    ['POST', WEBHOOKS],
    ['GET', WEBHOOKS],
    ['GET', `${WEBHOOKS}/1`],
    ['PATCH', `${WEBHOOKS}/1`],
    ['DELETE', `${WEBHOOKS}/1`],
    ['GET', `${WEBHOOKS}/1/deliveries`],
    ['GET', `${WEBHOOKS}/1/dead-letters`],
    ['POST', `${WEBHOOKS}/1/deliveries/1/replay`],
  ] as const;

  it.each(routes)('%s %s is for admins alone', async (method, path) => {
    const author = await registerAndLogin(inkwell, `author-${Math.random().toString(36).slice(2)}`);
    const ask = (authorization: Record<string, string>) =>
      fetch(inkwell.url + path, { method, headers: authorization });
    expect((await ask({})).status).toBe(401);
    expect((await ask({ authorization: `Bearer ${author.token}` })).status).toBe(403);
  });

  it.each(['0', '-1', '1.5', 'abc', '2147483648', '9e99', '1%00'])(
    'refuses the id %s with 400',
    async (id) => {
      expect((await api(inkwell).get(`${WEBHOOKS}/${id}`, admin.token)).status).toBe(400);
    },
  );

  it('answers 404 for a webhook that is not there', async () => {
    for (const path of ['', '/deliveries', '/dead-letters']) {
      const { status, body } = await api(inkwell).get(`${WEBHOOKS}/2147483647${path}`, admin.token);
      expect([status, body['code']]).toEqual([404, 'webhook.not_found']);
    }
    const replay = await api(inkwell).post(`${WEBHOOKS}/2147483647/deliveries/1/replay`, {}, admin.token);
    expect([replay.status, replay.body['code']]).toEqual([404, 'webhook.not_found']);
  });
});

describe('PATCH /api/webhooks/:id', () => {
  it('changes what the body names', async () => {
    const webhook = await made(inkwell, admin, URL_OF_A_HOOK);
    const path = `${WEBHOOKS}/${webhook.id}`;
    const change = {
      url: 'https://example.net/',
      events: ['user.removed'],
      description: 'New',
      enabled: false,
    };
    const { status, body } = await api(inkwell).patch<Webhook>(path, change, admin.token);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: webhook.id, ...change });
    const again = await api(inkwell).patch<Webhook>(path, { enabled: true }, admin.token);
    expect(again.body).toMatchObject({ ...change, enabled: true });
  });

  it('refuses an address that is not public with 400, and changes nothing', async () => {
    const webhook = await made(inkwell, admin, URL_OF_A_HOOK);
    const path = `${WEBHOOKS}/${webhook.id}`;
    const refused = await api(inkwell).patch(path, { url: 'http://192.168.1.1/' }, admin.token);
    expect(refused.status).toBe(400);
    expect((await api(inkwell).get<Webhook>(path, admin.token)).body.url).toBe(URL_OF_A_HOOK);
  });
});

describe('DELETE /api/webhooks/:id', () => {
  it('deletes it once', async () => {
    const { id } = await made(inkwell, admin, URL_OF_A_HOOK);
    expect((await api(inkwell).delete(`${WEBHOOKS}/${id}`, admin.token)).status).toBe(204);
    expect((await api(inkwell).delete(`${WEBHOOKS}/${id}`, admin.token)).status).toBe(404);
  });
});
