import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '../../dist/platform/database/embedded/embedded-postgres.js';
import { migrate } from '../../dist/platform/database/migrate.js';
// Node strips the types, because Jest does not compile what its globalSetup imports.
import { provideRedis } from './redis-server.ts';
import { Slowness } from './slowness.ts';

/** Jest's globalSetup: one PostgreSQL and, if available, one Redis for the whole run, on free ports. */
export default async function startServices() {
  const folder = mkdtempSync(join(tmpdir(), 'inkwell-test-'));
  chmodSync(folder, 0o755);
  const redis = await provideRedis();
  const settings = {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: '300',
  };
  const postgres = await EmbeddedPostgres.start(folder, { settings });
  // Every test file gets a copy of this database.
  await migrate(postgres.url);
  process.env.TEST_POSTGRES_URL = postgres.url;
  if (redis !== undefined) process.env.TEST_REDIS_URL = redis.url;
  process.env.TEST_NOT_RUN_FILE = join(folder, 'not-run');
  const slowness = new Slowness();
  globalThis.stopServices = async () => {
    const line = await slowness.end();
    if (line !== undefined) console.log(line);
    redis?.stop();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
