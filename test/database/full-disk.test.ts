import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgres } from '../../src/platform/database/embedded/embedded-postgres.js';
import { serverUser } from '../../src/platform/database/embedded/server-user.js';
import { write, written } from '../blog/posts.js';
import { registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { sayNotRun } from '../support/not-run.js';
import { makeDataFolder } from '../support/server-process.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { createTestDatabase, query } from '../support/test-database.js';

jest.setTimeout(120_000);

/** A database whose disk can be filled and emptied. */
interface Disk {
  readonly url: string;
  fill(): Promise<void>;
  empty(): Promise<void>;
  drop(): Promise<void>;
}

/** PostgreSQL raises the error of a full disk for everything that needs new space. Any user can run this. */
async function pretendedDisk(): Promise<Disk> {
  const { url, drop } = await createTestDatabase();
  await query(
    url,
    `CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
     CREATE FUNCTION refuse_row() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
     CREATE TRIGGER full_disk BEFORE INSERT ON posts EXECUTE FUNCTION refuse_row();
     ALTER TABLE posts DISABLE TRIGGER full_disk;
     CREATE EVENT TRIGGER full_disk ON ddl_command_start EXECUTE FUNCTION refuse();
     ALTER EVENT TRIGGER full_disk DISABLE`,
  );
  const set = async (state: 'ENABLE' | 'DISABLE'): Promise<void> => {
    await query(
      url,
      `SET event_triggers = off; ALTER TABLE posts ${state} TRIGGER full_disk; ALTER EVENT TRIGGER full_disk ${state}`,
    );
  };
  return { url, drop, fill: () => set('ENABLE'), empty: () => set('DISABLE') };
}

/**
 * A file system of 48 MiB, filled to its last byte. Only root may mount one. It needs a server of its own, because no
 * checkpoint of a server succeeds while one of its disks is full.
 */
async function realDisk(): Promise<Disk> {
  const data = makeDataFolder();
  const postgres = await EmbeddedPostgres.start(data.path, { settings: { fsync: 'off' } });
  const folder = mkdtempSync(join(tmpdir(), 'inkwell-disk-'));
  const user = serverUser()!;
  execFileSync('mount', [
    '-t',
    'tmpfs',
    '-o',
    `size=48m,mode=700,uid=${user.uid},gid=${user.gid}`,
    'tmpfs',
    folder,
  ]);
  await query(postgres.url, `CREATE TABLESPACE small LOCATION '${folder}'`);
  await query(postgres.url, 'CREATE DATABASE small TABLESPACE small');
  const url = new URL(postgres.url);
  url.pathname = '/small';
  const filler = join(folder, 'filler');
  return {
    url: url.href,
    fill: () => {
      expect(() => writeFileSync(filler, Buffer.alloc(64 * 1024 * 1024))).toThrow('ENOSPC');
      expect(statSync(filler).size).toBeGreaterThan(1024 * 1024);
      return Promise.resolve();
    },
    empty: () => Promise.resolve(rmSync(filler)),
    drop: async () => {
      await postgres.stop();
      execFileSync('umount', [folder]);
      rmSync(folder, { recursive: true });
      data.remove();
    },
  };
}

const disks: [name: string, make: () => Promise<Disk>][] = [['that PostgreSQL says is full', pretendedDisk]];
if (process.getuid?.() === 0) disks.push(['that is full, mounted by root', realDisk]);
else sayNotRun('PostgreSQL on a disk that is full: only root may mount one');

describe.each(disks)('a disk %s', (_, make) => {
  let disk: Disk;
  let inkwell: Inkwell;
  afterEach(async () => {
    await inkwell.close();
    await disk.drop();
  });

  const readiness = async (): Promise<unknown> => (await api(inkwell).get('/readyz')).body;
  const gauge = async (): Promise<string | undefined> =>
    /^db_storage_full (\d)$/m.exec((await api(inkwell).get<string>('/metrics')).body)?.[1];
  async function until(status: string): Promise<void> {
    while (((await readiness()) as { status?: string }).status !== status) await sleep(50);
  }

  it('refuses writes with 507 and says degraded while it lasts, and nothing else changes', async () => {
    disk = await make();
    inkwell = await startInkwell({ REDIS_URL: '', LOG_LEVEL: 'fatal' }, { databaseUrl: disk.url });
    const ada = await registerAndLogin(inkwell, 'ada');
    const kept = await written(inkwell, ada, { title: 'Kept' });
    expect(await readiness()).toMatchObject({ status: 'ok', checks: { postgresql: 'up' } });

    await disk.fill();
    let refused = await write(inkwell, ada, { content: randomBytes(60_000).toString('hex') });
    // Free space within existing files is used up first.
    while (refused.status === 201) {
      refused = await write(inkwell, ada, { content: randomBytes(60_000).toString('hex') });
    }
    expect([refused.status, (refused.body as unknown as { code: string }).code]).toEqual([
      507,
      'storage.full',
    ]);
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(JSON.stringify(refused.body)).not.toMatch(/file|base\/|device/);
    expect(await readiness()).toMatchObject({ status: 'degraded', checks: { postgresql: 'degraded' } });
    expect(await gauge()).toBe('1');
    expect((await api(inkwell).get(`/blog/api/posts/${kept.id}`)).status).toBe(200);
    // Longer than the time between two probes, and the disk is still full.
    await sleep(2_500);
    expect(await readiness()).toMatchObject({ status: 'degraded' });

    await disk.empty();
    await until('ok');
    expect(await gauge()).toBe('0');
    expect((await write(inkwell, ada)).status).toBe(201);
  });
});
