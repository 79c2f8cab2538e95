import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '../../dist/platform/database/embedded/embedded-postgres.js';
import { migrate } from '../../dist/platform/database/migrate.js';
import { chmodSync } from 'node:fs';
// Node strips the types: Jest does not compile what its globalSetup imports.
import { provideRedis } from './redis-server.ts';
import { query } from './test-database.ts';

/** Jest's globalSetup: one PostgreSQL and one Redis for the whole run, on ports nobody else has. */
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
  // As on a database that is not just made: on one that is, writes wait until no lease from before can be left.
  await query(
    postgres.url,
    `INSERT INTO cache_epoch (only_row, began_at) VALUES (true, now() - interval '1 hour')`,
  );
  process.env.TEST_POSTGRES_URL = postgres.url;
  process.env.TEST_REDIS_URL = redis.url;
  globalThis.stopServices = async () => {
    redis.stop();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
