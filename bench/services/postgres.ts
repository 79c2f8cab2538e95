import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { EmbeddedPostgres } from '../../src/platform/database/embedded/embedded-postgres.js';
import { migrate } from '../../src/platform/database/migrate.js';

export interface PostgresServer {
  readonly url: string;
  readonly version: string;
  stop(): Promise<void>;
}

/** Durability would only slow down filling the database. */
const SETTINGS = { fsync: 'off', synchronous_commit: 'off', max_connections: '300' };

/** A migrated, empty PostgreSQL with a port and folder of its own. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'inkwell-bench-'));
  // The server runs as another user if this process is root.
  chmodSync(folder, 0o755);
  const postgres = await EmbeddedPostgres.start(folder, { settings: SETTINGS });
  await migrate(postgres.url);
  return {
    url: postgres.url,
    version: await versionOf(postgres.url),
    stop: async () => {
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function versionOf(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  await client.end();
  return rows[0]!.server_version;
}
