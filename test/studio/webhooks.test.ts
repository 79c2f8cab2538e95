import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { promote, register } from '../support/accounts.js';
import { query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { signedIn, type StudioAnswer, StudioBrowser } from '../support/studio.js';
import { Receiver, until } from '../webhooks/receiver.js';

let inkwell: Inkwell;
let root: StudioBrowser;
let receiver: Receiver;
beforeAll(async () => {
  inkwell = await startInkwell({ WEBHOOKS_ALLOW_PRIVATE: 'true' });
  receiver = await Receiver.start();
  root = await signedIn(inkwell, 'root-1');
  await promote(inkwell, 'root-1', 'admin');
});
afterAll(async () => {
  receiver.close();
  await inkwell.close();
});

const PAGE = '/studio/webhooks';
const EVENTS = ['user.registered', 'post.published'];
const stored = (): Promise<{ id: number; url: string; events: string[]; enabled: boolean }[]> =>
  query(inkwell, 'SELECT id, url, events, disabled_at IS NULL AS enabled FROM webhooks ORDER BY id');
const keyIn = ({ body }: StudioAnswer): string => /name="key" value="([^"]+)"/.exec(body)![1]!;

/** @returns the id of a new webhook */
async function made(url: string): Promise<number> {
  const { status } = await root.post(PAGE, { url, description: '', events: EVENTS });
  expect(status).toBe(201);
  return (await stored()).at(-1)!.id;
}

describe('the form of a new webhook', () => {
  it('shows the secret once, and makes one webhook however often it is sent', async () => {
    const before = (await stored()).length;
    const fields = {
      key: keyIn(await root.get(PAGE)),
      url: 'https://example.org/hook',
      description: 'Search index <b>',
      events: EVENTS,
    };
    const answers = [await root.post(PAGE, fields), await root.post(PAGE, fields)];
    const secrets = answers.map(({ body }) => /value="(whsec_[\w+/=]+)"/.exec(body)?.[1]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(secrets[0]).toBeDefined();
    expect(secrets[1]).toBe(secrets[0]);
    const webhooks = await stored();
    expect(webhooks).toHaveLength(before + 1);
    expect(webhooks.at(-1)).toMatchObject({ url: fields.url, events: EVENTS, enabled: true });
    for (const path of [PAGE, `${PAGE}/${webhooks.at(-1)!.id}`]) {
      const { body } = await root.get(path);
      expect(body).toContain('https://example.org/hook');
      expect(body).toContain('Search index &lt;b&gt;');
      expect(body).not.toContain(secrets[0]);
    }
  });

  it('keeps what was typed when it is refused, and makes nothing', async () => {
    const before = await stored();
    const good = { url: 'https://example.org/typed', description: 'typed too', events: EVENTS };
    for (const fields of [
      { ...good, url: 'ftp://example.org/typed' },
      { ...good, url: 'https://user:pass@example.org/typed' },
      { ...good, events: [] },
      { ...good, events: ['post.published', 'post.burnt'] },
      { ...good, description: 'x'.repeat(201) },
    ]) {
      const { status, body } = await root.post(PAGE, fields);
      expect([fields, status]).toEqual([fields, 400]);
      expect(body).toContain(fields.url);
      expect(body).toMatch(/class="error"/);
    }
    expect(await stored()).toEqual(before);
  });

  it('is for administrators, from this site', async () => {
    const before = await stored();
    const author = await signedIn(inkwell, 'writer');
    const fields = { url: 'https://evil.example/hook', description: '', events: EVENTS };
    expect((await author.get(PAGE)).status).toBe(403);
    expect((await author.post(PAGE, fields)).status).toBe(403);
    expect((await root.post(PAGE, fields, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await new StudioBrowser(inkwell).get(PAGE)).status).toBe(303);
    expect(await stored()).toEqual(before);
  });
});

describe('a webhook', () => {
  it('is changed, disabled, enabled and deleted', async () => {
    const id = await made('https://example.org/first');
    const now = async () => (await stored()).find((each) => each.id === id);
    const changed = await root.post(`${PAGE}/${id}`, {
      url: 'https://example.org/second',
      description: 'Moved',
      events: 'post.removed',
    });
    expect([changed.status, changed.location]).toEqual([303, `${PAGE}/${id}?done=saved`]);
    expect(await now()).toMatchObject({ url: 'https://example.org/second', events: ['post.removed'] });
    await root.post(`${PAGE}/${id}/disable`);
    expect(await now()).toMatchObject({ enabled: false });
    expect((await root.get(`${PAGE}/${id}`)).body).toContain('Its deliveries wait.');
    await root.post(`${PAGE}/${id}/enable`);
    expect(await now()).toMatchObject({ enabled: true });
    const gone = await root.post(`${PAGE}/${id}/delete`);
    expect((await root.get(gone.location!)).body).toContain('The webhook is deleted.');
    expect(await now()).toBeUndefined();
  });

  it.each([
    ['GET', '/999999', 404],
    ['GET', '/x', 400],
    ['POST', '/999999/disable', 404],
    ['POST', '/999999/delete', 404],
    ['POST', '/999999/deliveries/1/replay', 404],
    ['POST', '/1/deliveries/x/replay', 400],
  ])('%s %s is clearly none', async (method, path, expected) => {
    const answer = await (method === 'GET' ? root.get(PAGE + path) : root.post(PAGE + path));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      expected,
      'text/html; charset=utf-8',
    ]);
    expect(answer.body).toContain('role="alert"');
  });
});

describe('the deliveries of a webhook', () => {
  const finished = async (id: number) => {
    const sql = `SELECT id, state FROM webhook_deliveries WHERE webhook_id = $1 AND state <> 'pending' AND lease IS NULL`;
    const rows = await until(
      () => query<{ id: string; state: string }>(inkwell, sql, [id]),
      ({ length }) => length > 0,
    );
    return rows[0]!;
  };

  it('are listed with their state, and sent again', async () => {
    const id = await made(receiver.url);
    await register(inkwell, 'newcomer');
    const delivery = await finished(id);
    expect((await root.get(`${PAGE}/${id}`)).body).toMatch(/user\.registered.*delivered.*204/s);
    const { status, location } = await root.post(`${PAGE}/${id}/deliveries/${delivery.id}/replay`);
    expect([status, location]).toEqual([303, `${PAGE}/${id}?done=replayed`]);
    await until(
      () => receiver.received,
      ({ length }) => length >= 2,
    );
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(ids[1]).toBe(ids[0]);
  });

  it('show dead letters with their last error, and wait while one is attempted', async () => {
    const id = await made('https://example.org/dead');
    await query(
      inkwell,
      `INSERT INTO webhook_deliveries (webhook_id, event_id, type, subject, body, state, attempts, last_status, last_error, due_at)
       VALUES ($1, 'evt_3f0e2a52-6f0c-4e8e-9d0b-0f3c8d1e2a77', 'user.registered', 'user:1', '{}', 'dead', 9, 500, 'It said <no>', now()),
         ($1, 'evt_3f0e2a52-6f0c-4e8e-9d0b-0f3c8d1e2a78', 'post.removed', 'post:1', '{}', 'pending', 1, NULL, NULL, now() + interval '1 day')`,
      [id],
    );
    const dead = await root.get(`${PAGE}/${id}?state=dead`);
    expect(dead.body).toContain('500 · It said &lt;no&gt;');
    expect(dead.body).not.toContain('post.removed</code>');
    const pending = await root.get(`${PAGE}/${id}?state=pending`);
    expect(pending.body).toContain('post.removed</code>');
    expect(pending.body).toContain('next attempt');
    const [row] = await query<{ id: string }>(
      inkwell,
      `SELECT id FROM webhook_deliveries WHERE type = 'post.removed'`,
    );
    const replayed = await root.post(`${PAGE}/${id}/deliveries/${row!.id}/replay`);
    expect([replayed.status, replayed.body]).toEqual([409, expect.stringContaining('still being attempted')]);
    expect((await root.get(`${PAGE}/${id}?state=burnt`)).status).toBe(400);
  });
});
