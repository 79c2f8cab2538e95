import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Housekeeping } from '../../src/platform/database/housekeeping.js';
import { type Account, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/documented-api.js';
import { outboxOf, query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { newPost, type PostDetail, POSTS } from './posts.js';

let inkwell: Inkwell;
let ada: Account;
let eve: Account;
beforeAll(async () => {
  inkwell = await startInkwell();
  [ada, eve] = await Promise.all([registerAndLogin(inkwell, 'ada'), registerAndLogin(inkwell, 'eve')]);
});
afterAll(() => inkwell.close());

let keys = 0;
const newKey = () => `key-${(keys += 1)}`;
const send = (key: string, body: unknown, account: Account = ada) =>
  api(inkwell).post<PostDetail>(POSTS, body, account.token, { 'idempotency-key': key });
const countPosts = async () =>
  Number((await query<{ n: string }>(inkwell, 'SELECT count(*) AS n FROM posts'))[0]?.n);

describe('POST /blog/api/posts with an Idempotency-Key', () => {
  it('answers the same request again with the same answer, and writes one post', async () => {
    const [key, body] = [newKey(), newPost({ category_name: 'Once', tags: ['a'] })];
    const before = await countPosts();
    const first = await send(key, body);
    await api(inkwell).patch(`${POSTS}/${first.body.id}`, { title: 'Changed since' }, ada.token);
    const events = await outboxOf(inkwell, async () => {
      const again = await send(key, body);
      expect(again).toMatchObject({ status: 201, body: first.body });
      for (const name of ['location', 'etag', 'content-type', 'cache-control']) {
        expect(again.headers.get(name)).toBe(first.headers.get(name));
      }
    });
    // No second event for the creation, which was recorded the first time.
    expect(events.map(({ event }) => event)).toEqual(['change.repeated']);
    expect(await countPosts()).toBe(before + 1);
  });

  it('takes the order of members for the same request', async () => {
    const key = newKey();
    const first = await send(key, '{"title":"Order","content":"a"}');
    const again = await send(key, '{"content":"a",  "title":"Order"}');
    expect(again.body.id).toBe(first.body.id);
  });

  it('refuses another request with the same key with 422', async () => {
    const key = newKey();
    await send(key, newPost());
    const before = await countPosts();
    expect(await send(key, newPost())).toMatchObject({
      status: 422,
      body: { code: 'idempotency.key_reused' },
    });
    expect(await countPosts()).toBe(before);
  });

  it('keeps the keys of one user apart from those of another', async () => {
    const [key, body] = [newKey(), newPost()];
    const [mine, theirs] = [await send(key, body), await send(key, body, eve)];
    expect(theirs.body.id).not.toBe(mine.body.id);
    expect(theirs.body.author).toBe('eve');
  });

  it('writes one post for ten requests at the same moment', async () => {
    const [key, body] = [newKey(), newPost()];
    const before = await countPosts();
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(key, body)));
    expect(await countPosts()).toBe(before + 1);
    const ids = answers.filter(({ status }) => status === 201).map((answer) => answer.body.id);
    expect(new Set(ids).size).toBe(1);
    for (const other of answers.filter(({ status }) => status !== 201)) {
      expect(other).toMatchObject({ status: 409, body: { code: 'idempotency.in_flight' } });
    }
  });

  it('answers 409 while the first request is being worked on, and its answer afterwards', async () => {
    const [key, body] = [newKey(), newPost({ category_name: 'Slow lane' })];
    await query(
      inkwell,
      `INSERT INTO categories (name, slug, color) VALUES ('Slow lane', 'slow-lane', '#000000')`,
    );
    const holder = await holdCategory();
    const first = send(key, body);
    await holder.untilWaitedFor();
    const during = await send(key, body);
    expect(during).toMatchObject({ status: 409, body: { code: 'idempotency.in_flight' } });
    expect(during.headers.get('retry-after')).toBe('1');
    await holder.release();
    const { body: made } = await first;
    expect((await send(key, body)).body.id).toBe(made.id);
  });

  it('stores no refusal: the corrected request may use the key', async () => {
    const key = newKey();
    expect((await send(key, newPost({ category_id: 999_999 }))).status).toBe(422);
    expect((await send(key, newPost({ title: '' }))).status).toBe(400);
    expect((await send(key, newPost())).status).toBe(201);
  });

  it('forgets a key after 24 hours', async () => {
    const [key, body] = [newKey(), newPost()];
    const first = await send(key, body);
    await query(
      inkwell,
      `UPDATE idempotency_keys SET created_at = now() - interval '23 hours 59 minutes' WHERE key = $1`,
      [key],
    );
    expect((await send(key, body)).body.id).toBe(first.body.id);
    await query(
      inkwell,
      `UPDATE idempotency_keys SET created_at = now() - interval '24 hours' WHERE key = $1`,
      [key],
    );
    expect((await send(key, newPost())).status).toBe(201);
  });

  it('has old keys deleted by the housekeeping', async () => {
    const key = newKey();
    await send(key, newPost());
    await query(
      inkwell,
      `UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE key = $1`,
      [key],
    );
    expect((await inkwell.appOf(POSTS).get(Housekeeping).sweep()).get('idempotency keys')).toBe(1);
  });

  it.each(['', ' ', 'a'.repeat(256), 'a b', 'caf\u00e9'])('refuses the key %j with 400', async (key) => {
    expect(await send(key, newPost())).toMatchObject({
      status: 400,
      body: { code: 'idempotency.invalid_key' },
    });
  });

  it('asks for a login first', async () => {
    expect(
      (await api(inkwell).post(POSTS, newPost(), undefined, { 'idempotency-key': newKey() })).status,
    ).toBe(401);
  });
});

/** Locks a category as a deletion would, so that a post for it waits in the middle of its transaction. */
async function holdCategory() {
  const { Client } = await import('pg');
  const client = new Client({ connectionString: inkwell.databaseUrl });
  await client.connect();
  await client.query(`BEGIN; SELECT FROM categories WHERE name = 'Slow lane' FOR UPDATE`);
  return {
    untilWaitedFor: async () => {
      const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      while ((await query(inkwell, waiting)).length === 0)
        await new Promise((resolve) => setTimeout(resolve, 5));
    },
    release: async () => {
      await client.query('COMMIT');
      await client.end();
    },
  };
}
