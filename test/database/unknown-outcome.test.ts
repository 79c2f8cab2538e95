import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgres } from '../../src/platform/database/embedded/embedded-postgres.js';
import { type Account, PASSWORD, promote, registerAndLogin } from '../support/accounts.js';
import { api, type ApiResponse } from '../support/api.js';
import { makeDataFolder } from '../support/server-process.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { query } from '../support/test-database.js';
import { newPost, type PostDetail, POSTS, written } from '../blog/posts.js';
import { made, WEBHOOKS } from '../webhooks/hooks.js';

/** A PostgreSQL whose synchronous standby can be made unreachable, so that its commits wait. */
const folder = makeDataFolder();
let postgres: EmbeddedPostgres;
let inkwell: Inkwell;
let other: Inkwell;
let ada: Account;
beforeAll(async () => {
  postgres = await EmbeddedPostgres.start(folder.path, { settings: { fsync: 'off' } });
  inkwell = await startInkwell({ LOG_LEVEL: 'fatal' }, { databaseUrl: postgres.url });
  other = await startInkwell({ LOG_LEVEL: 'fatal' }, { databaseUrl: postgres.url });
  ada = await registerAndLogin(inkwell, 'ada');
  await promote(inkwell, 'ada', 'admin');
});
afterEach(() => standbyReturns());
afterAll(async () => {
  await other?.close();
  await inkwell?.close();
  await postgres?.stop();
  folder.remove();
});

async function until(isSo: () => Promise<boolean>, what: string): Promise<void> {
  for (const deadline = Date.now() + 20_000; !(await isSo()); await sleep(20))
    if (Date.now() > deadline) throw new Error(`Not within 20 s: ${what}`);
}

const waiting = (application: string) =>
  query<{ pid: number }>(
    postgres.url,
    `SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND application_name = $1`,
    [application],
  );

async function standbyLeaves(): Promise<void> {
  await query(postgres.url, `ALTER SYSTEM SET synchronous_standby_names = 'nobody'`);
  await query(postgres.url, 'SELECT pg_reload_conf()');
  // Acts once a commit is waiting.
  const url = `${postgres.url}?application_name=canary`;
  let canary: Promise<unknown> = Promise.resolve();
  await until(async () => {
    if ((await waiting('canary')).length > 0) return true;
    await Promise.race([canary, sleep(100)]);
    canary = query(
      url,
      'SELECT pg_current_xact_id(); DROP TABLE IF EXISTS none; CREATE TEMP TABLE none ()',
    ).catch(() => undefined);
    return false;
  }, 'a commit waits for the standby');
}

async function standbyReturns(): Promise<void> {
  await query(postgres.url, 'ALTER SYSTEM RESET synchronous_standby_names');
  await query(postgres.url, 'SELECT pg_reload_conf()');
  await until(
    async () =>
      (await query(postgres.url, `SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep'`)).length === 0,
    'no commit waits any more',
  );
}

/**
 * Calls `func` on each session that waits for a standby, until the answer arrives. Other work of the process may wait
 * at the same time.
 */
async function endWaits(
  func: 'pg_cancel_backend' | 'pg_terminate_backend',
  answer: Promise<unknown>,
): Promise<void> {
  let isAnswered = false;
  void answer.finally(() => (isAnswered = true));
  await until(async () => {
    for (const { pid } of await waiting('inkwell')) await query(postgres.url, `SELECT ${func}($1)`, [pid]);
    return isAnswered;
  }, 'the request is answered');
}

const titleOf = async (id: number, { url }: Inkwell) =>
  (await api({ url }).get<PostDetail>(`${POSTS}/${id}`)).body.title;

const patch = (
  id: number,
  title: string,
  headers = {},
): Promise<ApiResponse<PostDetail & { code: string; detail: string }>> =>
  api(inkwell).patch(`${POSTS}/${id}`, { title }, ada.token, headers);

describe('a COMMIT that no standby confirms', () => {
  it('is 503 after ten seconds, and every replica shows the change when it becomes visible', async () => {
    const post = await written(inkwell, ada);
    for (const replica of [inkwell, other]) expect(await titleOf(post.id, replica)).toBe(post.title);
    await standbyLeaves();
    const startedAt = performance.now();
    const unknown = await patch(post.id, 'Perhaps');
    const ms = performance.now() - startedAt;
    expect(unknown).toMatchObject({ status: 503, body: { code: 'write.outcome_unknown' } });
    expect(unknown.headers.get('retry-after')).toBe('5');
    expect(unknown.body.detail).toContain('Idempotency-Key');
    expect(ms).toBeGreaterThan(9_500);
    expect(ms).toBeLessThan(20_000);
    // Nobody can see the commit before the standby has it.
    for (const replica of [inkwell, other]) expect(await titleOf(post.id, replica)).toBe(post.title);
    await standbyReturns();
    for (const replica of [inkwell, other])
      await until(
        async () => (await titleOf(post.id, replica)) === 'Perhaps',
        'the replica shows the change',
      );
  });

  it('is learnt by the same requests with their keys: in flight, then done, and done once', async () => {
    // In categories of their own, because a hanging COMMIT keeps its locks.
    const [one, two, three] = await Promise.all(
      ['One', 'Two', 'Three'].map((category_name) => written(inkwell, ada, { category_name })),
    );
    const eve = await registerAndLogin(inkwell, 'eve');
    const hook = await made(inkwell, ada, 'https://hooks.example.org/inkwell');
    const registration = { username: 'late', email: 'late@example.org', password: PASSWORD };
    const { post, put, patch: change, delete: remove } = api(inkwell);
    const keyed = (n: number) => ({ 'idempotency-key': `key-${n}` });
    const novel = newPost({ category_name: 'Four' });
    const requests: readonly (() => Promise<ApiResponse<Record<string, unknown>>>)[] = [
      () => post(POSTS, novel, ada.token, keyed(1)),
      () => put(`${POSTS}/${one!.id}`, { title: 'Put', content: 'Put' }, ada.token, keyed(2)),
      () => change(`${POSTS}/${two!.id}`, { title: 'Patched' }, ada.token, keyed(3)),
      () => remove(`${POSTS}/${three!.id}`, ada.token, keyed(4)),
      () => change('/api/users/eve', { bio: 'Patched' }, eve.token, keyed(5)),
      () => post('/api/register', registration, undefined, keyed(7)),
      () => change(`${WEBHOOKS}/${hook.id}`, { description: 'Patched' }, ada.token, keyed(6)),
    ];
    const sendAll = () => Promise.all(requests.map((request) => request()));
    await standbyLeaves();
    for (const { status, body } of await sendAll())
      expect([status, body['code']]).toEqual([503, 'write.outcome_unknown']);
    for (const { status, body } of await sendAll())
      expect([status, body['code']]).toEqual([409, 'idempotency.in_flight']);
    await standbyReturns();
    const answers = await sendAll();
    expect(answers.map(({ status }) => status)).toEqual([201, 200, 200, 204, 200, 201, 200]);
    expect(answers.map(({ headers }) => headers.get('idempotency-replayed'))).toEqual(
      answers.map(() => 'true'),
    );
    // After these answers, no replica serves data from before.
    for (const replica of [inkwell, other]) {
      expect(await titleOf(answers[0]!.body['id'] as number, replica)).toBe(novel['title']);
      expect(await titleOf(one!.id, replica)).toBe('Put');
      expect(await titleOf(two!.id, replica)).toBe('Patched');
      expect((await api(replica).get(`${POSTS}/${three!.id}`)).status).toBe(404);
      expect((await api(replica).get('/api/users/late')).status).toBe(200);
    }
    const versions = await query<{ version: number }>(
      postgres.url,
      'SELECT version FROM posts WHERE id = ANY($1)',
      [[one!.id, two!.id]],
    );
    expect(versions).toEqual([{ version: 2 }, { version: 2 }]);
  });

  it('is no success when somebody cancels the wait, though all replicas show the change', async () => {
    const post = await written(inkwell, ada);
    for (const replica of [inkwell, other]) expect(await titleOf(post.id, replica)).toBe(post.title);
    await standbyLeaves();
    const answer = patch(post.id, 'Only here');
    await endWaits('pg_cancel_backend', answer);
    expect(await answer).toMatchObject({ status: 503, body: { code: 'write.outcome_unknown' } });
    for (const replica of [inkwell, other]) expect(await titleOf(post.id, replica)).toBe('Only here');
  });

  it('is unknown when its session is ended', async () => {
    const post = await written(inkwell, ada);
    await standbyLeaves();
    const answer = patch(post.id, 'Cut off');
    await endWaits('pg_terminate_backend', answer);
    expect(await answer).toMatchObject({ status: 503, body: { code: 'write.outcome_unknown' } });
    for (const replica of [inkwell, other])
      await until(
        async () => (await titleOf(post.id, replica)) === 'Cut off',
        'the replica shows the change',
      );
  });
});
