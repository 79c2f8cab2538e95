import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CachePurger } from '../../src/platform/responses/inspect/cache-purger.js';
import { CdnPurger } from '../../src/platform/cdn/cdn-purger.js';
import { written } from '../blog/posts.js';
import { type Account, register, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { query as queryDatabase } from '../support/test-database.js';
import { until } from '../webhooks/receiver.js';
import { apis, PurgeApiServer, settingsOf } from './purge-api-server.js';
import { untilNothingIsDue } from './until-nothing-is-due.js';

type Provider = keyof typeof apis;

const waiting = (inkwell: Inkwell) =>
  query<{ tag: string; attempts: number; seconds: number }>(
    inkwell,
    'SELECT tag, attempts, extract(epoch FROM due_at - now())::float AS seconds FROM cdn_purges ORDER BY tag',
  );
/** Due purges are sent at once. */
async function letPass(inkwell: Inkwell, seconds: number): Promise<void> {
  await queryDatabase(
    inkwell.databaseUrl,
    'UPDATE cdn_purges SET due_at = due_at - make_interval(secs => $1), leased_until = NULL, created_at = created_at - make_interval(secs => $1)',
    [seconds],
  );
  inkwell.app.get(CdnPurger).wake();
}

describe.each<[Provider, everything: unknown]>([
  ['fastly', undefined],
  ['cloudflare', { purge_everything: true }],
  ['generic', { everything: true }],
])('with CDN_PURGE_PROVIDER=%s', (provider, everything) => {
  let cdn: PurgeApiServer;
  let inkwell: Inkwell;
  let ada: Account;
  beforeAll(async () => {
    cdn = await PurgeApiServer.start(apis[provider]);
    inkwell = await startInkwell({ ...settingsOf[provider](cdn), CDN_PURGE_AGAIN_SECONDS: '0' });
    ada = await registerAndLogin(inkwell, 'ada');
    await untilNothingIsDue(inkwell);
    cdn.calls.length = 0;
  });
  afterEach(() => {
    cdn.calls.length = 0;
  });
  afterAll(async () => {
    await inkwell.close();
    cdn.close();
  });

  it('purges the tags of a change, in one call', async () => {
    const post = await written(inkwell, ada, { title: 'Purged', tags: ['C++'] });
    await until(
      () => cdn.purged.length,
      (count) => count > 0,
    );
    expect(cdn.purged).toHaveLength(1);
    expect([...cdn.purged[0]!].sort()).toEqual(
      [
        ...['categories', `post:${post.id}`, 'post-slug:purged', 'posts', 'tags'],
        ...['posts:author:ada', 'posts:category:general', 'posts:tag:c-plus-plus'],
      ].sort(),
    );
    await untilNothingIsDue(inkwell);
  });

  it('purges many tags in as few calls as the API takes, each once', async () => {
    const max = provider === 'fastly' ? 256 : 100;
    const tags = Array.from({ length: 300 }, (_, index) => `post:${10_000 + index}`);
    await query(
      inkwell,
      `INSERT INTO outbox (writer, event, payload, tags) VALUES (gen_random_uuid(), 'posts.imported', '{"posts":[],"categories":[],"quiet":true}', $1)`,
      [[...tags, 'session:5c5f3f0e-7f5e-4f4e-9d0a-000000000000', 'path:/blog/a,b c/é']],
    );
    await until(
      () => cdn.purged.flat().length,
      (count) => count >= 301,
    );
    const purged = cdn.purged.flat();
    expect(purged.sort()).toEqual([...tags, 'path:/blog/a%2Cb%20c/%C3%A9'].sort());
    expect(cdn.purged).toHaveLength(Math.ceil(301 / max));
    expect(cdn.calls.filter(({ status }) => status !== 200)).toEqual([]);
  });

  it('purges everything when everything is old', async () => {
    await inkwell.app.get(CachePurger).purge({ all: true });
    await untilNothingIsDue(inkwell);
    expect(cdn.calls.map(({ body, status }) => [body, status])).toEqual([[everything, 200]]);
  });

  it('waits as long as a rate limit says, and loses nothing', async () => {
    cdn.next.push({ status: 429, headers: { 'retry-after': '2' }, body: { success: false } });
    const startedAt = performance.now();
    const post = await written(inkwell, ada, { title: `Limited by ${provider}` });
    await until(
      () => cdn.calls.length,
      (count) => count === 1,
    );
    await untilNothingIsDue(inkwell);
    expect(performance.now() - startedAt).toBeGreaterThan(1_900);
    expect(cdn.calls.map(({ status }) => status)).toEqual([429, 200]);
    expect(cdn.purged.flat()).toContain(`post:${post.id}`);
  });
});

describe('a CDN that does not purge', () => {
  let cdn: PurgeApiServer;
  let inkwell: Inkwell;
  let ada: Account;
  beforeAll(async () => {
    cdn = await PurgeApiServer.start(apis.cloudflare);
    inkwell = await startInkwell({ ...settingsOf.cloudflare(cdn), CDN_PURGE_AGAIN_SECONDS: '0' });
    ada = await registerAndLogin(inkwell, 'ada');
    await untilNothingIsDue(inkwell);
  });
  afterAll(async () => {
    await inkwell.close();
    cdn.close();
  });

  it('for a status is asked again, ever later, as for an answer that says no; metrics say it', async () => {
    const refusals = [
      { status: 500 },
      { status: 403, body: { success: false } },
      { status: 200, body: { success: false } },
    ];
    cdn.calls.length = 0;
    cdn.next.push(...refusals);
    const post = await written(inkwell, ada);
    for (const attempt of [1, 2, 3]) {
      const rows = await until(
        () => waiting(inkwell),
        ([row]) => row?.attempts === attempt && row.seconds > -1 && cdn.calls.length === attempt,
      );
      expect(rows[0]!.seconds).toBeLessThanOrEqual(2 ** (attempt - 1) * 1.2);
      await letPass(inkwell, 10);
    }
    await untilNothingIsDue(inkwell);
    expect(cdn.calls).toHaveLength(4);
    expect(cdn.purged.at(-1)).toContain(`post:${post.id}`);
    const { body } = await api(inkwell).get<string>('/metrics');
    expect(body).toMatch(/^cdn_purges_total\{result="failed"\} [1-9]/m);
    expect(body).toMatch(/^cdn_purges_total\{result="purged"\} [1-9]/m);
  });
});

describe('CDN_PURGE_AGAIN_SECONDS', () => {
  let cdn: PurgeApiServer;
  let inkwell: Inkwell;
  beforeAll(async () => {
    cdn = await PurgeApiServer.start(apis.generic);
    inkwell = await startInkwell({ ...settingsOf.generic(cdn), CDN_PURGE_AGAIN_SECONDS: '3600' });
  });
  afterAll(async () => {
    await inkwell.close();
    cdn.close();
  });

  it('purges each tag a second time, for answers that were under way at the first', async () => {
    await registerAndLogin(inkwell, 'ada');
    await until(
      () => waiting(inkwell),
      (rows) => rows.length > 0 && rows.every(({ seconds }) => seconds > 3_000),
    );
    const first = cdn.purged.flat().sort();
    expect(first).toEqual(['user:1', 'username:ada', 'users']);
    await letPass(inkwell, 3_600);
    await untilNothingIsDue(inkwell);
    expect(cdn.purged.flat().sort()).toEqual([...first, ...first].sort());
  });

  it('gives up after a day, when no CDN can keep an answer any longer', async () => {
    cdn.next.push(...Array.from({ length: 2 }, () => ({ status: 500 })));
    const count = cdn.calls.length;
    await registerAndLogin(inkwell, 'grace');
    await until(
      () => waiting(inkwell),
      (rows) => cdn.calls.length > count && rows.length > 0 && rows.every(({ seconds }) => seconds > 0),
    );
    await letPass(inkwell, 86_400);
    await untilNothingIsDue(inkwell);
    expect(cdn.purged.flat()).not.toContain('username:grace');
  });
});

describe('several processes', () => {
  it('share the work: each tag is purged by one of them', async () => {
    const cdn = await PurgeApiServer.start(apis.generic);
    const settings = { ...settingsOf.generic(cdn), CDN_PURGE_AGAIN_SECONDS: '0' };
    const one = await startInkwell(settings);
    const other = await startInkwell(settings, { databaseUrl: one.databaseUrl });
    try {
      const names = Array.from({ length: 12 }, (_, index) => `user-${String(index)}`);
      await Promise.all(names.map((name, index) => register(index % 2 === 0 ? one : other, name)));
      await until(
        () => cdn.purged.flat().length,
        (count) => count >= 24,
      );
      await untilNothingIsDue(one);
      expect(
        cdn.purged
          .flat()
          .filter((tag) => tag.startsWith('username:'))
          .sort(),
      ).toEqual(names.map((name) => `username:${name}`).sort());
    } finally {
      await other.close();
      await one.close();
      cdn.close();
    }
  });

  it('keep a rate limit together: none asks before it is over', async () => {
    const cdn = await PurgeApiServer.start(apis.fastly);
    const settings = { ...settingsOf.fastly(cdn), CDN_PURGE_AGAIN_SECONDS: '0' };
    const one = await startInkwell(settings);
    const other = await startInkwell(settings, { databaseUrl: one.databaseUrl });
    try {
      const startedAt = performance.now();
      cdn.next.push({ status: 429, headers: { 'retry-after': '5' } });
      await register(one, 'first');
      await until(
        () => cdn.calls.length,
        (count) => count > 0,
      );
      for (const [index, side] of [one, other, one, other].entries()) await register(side, `later-${index}`);
      await until(
        () => cdn.calls.length,
        (count) => count > 1,
      );
      expect(performance.now() - startedAt).toBeGreaterThan(4_900);
      await untilNothingIsDue(one);
      expect(cdn.purged.flat()).toEqual(expect.arrayContaining(['username:first', 'username:later-3']));
    } finally {
      await other.close();
      await one.close();
      cdn.close();
    }
  });
});
