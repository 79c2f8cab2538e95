import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Config } from '../../src/config.js';
import { Housekeeping } from '../../src/platform/database/housekeeping.js';
import { WebhookSecrets } from '../../src/webhooks/webhook-secrets.js';
import { WebhookUpkeep } from '../../src/webhooks/webhook-upkeep.js';
import { register } from '../support/accounts.js';
import { query } from '../support/database.js';
import { runInkwell } from '../support/run-inkwell.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { administrator, made } from './hooks.js';
import { Receiver, until } from './receiver.js';

const [OLDER, NEWER] = ['an older secret of more than 32 bytes', 'a newer secret of more than 32 bytes'];

let inkwell: Inkwell;
let receiver: Receiver;
beforeAll(async () => {
  inkwell = await startInkwell({ WEBHOOKS_ALLOW_PRIVATE: 'true', AUTH_SECRET: `${NEWER},${OLDER}` });
  receiver = await Receiver.start();
  await made(inkwell, await administrator(inkwell), receiver.url);
});
afterAll(async () => {
  await inkwell.close();
  receiver.close();
});

describe('inkwell import', () => {
  const folder = mkdtempSync(join(tmpdir(), 'inkwell-hooks-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function importOne(title: string, author: string, ...options: string[]): Promise<void> {
    const path = join(folder, title);
    mkdirSync(join(path, '_posts'), { recursive: true });
    writeFileSync(join(path, '_config.yml'), 'title: A blog\n');
    writeFileSync(
      join(path, '_posts', `2020-01-01-${title.toLowerCase()}.md`),
      `---\ntitle: ${title}\nauthor: ${author}\ntags: [x]\n---\nText\n`,
    );
    const environment = { DATABASE_URL: inkwell.databaseUrl };
    const { code, stderr } = await runInkwell(['import', path, '--source', title, ...options], environment);
    expect([code, stderr]).toEqual([0, '']);
  }

  it('tells webhooks nothing, unless it is called with --notify', async () => {
    await importOne('Quiet', 'silent-author');
    await importOne('Loud', 'loud-author', '--notify');
    await register(inkwell, 'last');
    await until(
      () => receiver.received,
      (all) => all.some(({ body }) => body.data.user?.username === 'last'),
    );
    const received = await until(
      () =>
        receiver.received.map(({ body: { type, data } }) => [type, data.post?.title ?? data.user?.username]),
      (all) => all.length >= 3,
    );
    expect(received.sort()).toEqual([
      ['post.published', 'Loud'],
      ['user.registered', 'last'],
      ['user.registered', 'loud-author'],
    ]);
    const post = receiver.received.find(({ body }) => body.type === 'post.published')!.body.data.post;
    expect(post).toEqual({
      ...{ id: expect.any(Number), slug: 'loud', title: 'Loud', author: 'loud-author', category: 'general' },
      ...{ tags: ['x'], version: 1 },
    });
  });
});

describe('the secret of a webhook', () => {
  it('is encrypted anew under the AUTH_SECRET in use, so that the old one can be taken away', async () => {
    const before = new WebhookSecrets(Config.from({ AUTH_SECRET: OLDER }));
    const after = new WebhookSecrets(Config.from({ AUTH_SECRET: NEWER }));
    const lost = new WebhookSecrets(Config.from({ AUTH_SECRET: 'a secret that nobody has any more 123' }));
    const kept = [before.encrypt('whsec_one'), lost.encrypt('whsec_two')];
    for (const secret of kept)
      await query(
        inkwell,
        `INSERT INTO webhooks (url, events, secret) VALUES ('https://example.org', '{}', $1)`,
        [secret],
      );
    await inkwell.app.get(WebhookUpkeep).renewSecrets();
    const rows = await query<{ secret: string }>(
      inkwell,
      `SELECT secret FROM webhooks WHERE events = '{}' ORDER BY id`,
    );
    expect(after.decrypt(rows[0]!.secret)).toBe('whsec_one');
    // A secret that cannot be decrypted stays unchanged.
    expect(rows[1]!.secret).toBe(kept[1]);
  });
});

describe('the outbox', () => {
  it('keeps what is old until every work listener has taken it, but not for one that is not run any more', async () => {
    await query(
      inkwell,
      `INSERT INTO outbox_cursors (listener, snapshot) VALUES ('slow', pg_current_snapshot())`,
    );
    const [row] = await query<{ id: string }>(
      inkwell,
      `INSERT INTO outbox (writer, event, payload, tags, created_at)
       VALUES (gen_random_uuid(), 'test.happened', '{}', '{}', now() - interval '3 hours') RETURNING id`,
    );
    const isThere = async (): Promise<boolean> => {
      await inkwell.app.get(Housekeeping).sweep();
      return (await query(inkwell, 'SELECT FROM outbox WHERE id = $1', [row!.id])).length === 1;
    };
    expect(await isThere()).toBe(true);
    await query(
      inkwell,
      `UPDATE outbox_cursors SET moved_at = now() - interval '8 days' WHERE listener = 'slow'`,
    );
    await until(isThere, (there) => !there);
  });
});
