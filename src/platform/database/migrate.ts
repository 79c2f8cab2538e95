import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { oneLine } from '../errors/one-line.js';
import { InitialSchema1700000000000 } from './migrations/1700000000000-initial-schema.migration.js';
import { DatabaseHistory1764400000000 } from './migrations/1764400000000-database-history.migration.js';
import { KnownNetworks1764420000000 } from './migrations/1764420000000-known-networks.migration.js';
import { KeysOfAnyRequest1764410000000 } from './migrations/1764410000000-keys-of-any-request.migration.js';
import { ImportJobs1764470000000 } from './migrations/1764470000000-import-jobs.migration.js';
import { StateInFunctions1764430000000 } from './migrations/1764430000000-state-in-functions.migration.js';

/** An arbitrary number, the same in every build. Replicas that start together migrate one after the other. */
const ADVISORY_LOCK = 7_240_811;

const MIGRATIONS = [
  InitialSchema1700000000000,
  DatabaseHistory1764400000000,
  KeysOfAnyRequest1764410000000,
  KnownNetworks1764420000000,
  StateInFunctions1764430000000,
  ImportJobs1764470000000,
];

/** Brings the schema up to date. @returns the names of the migrations that ran */
export async function migrate(databaseUrl: string): Promise<string[]> {
  // The lock is held by a separate session, so that a crash in the middle releases it.
  const lock = new Client({ connectionString: databaseUrl, application_name: 'inkwell migrate' });
  lock.on('error', () => undefined);
  await lock.connect().catch((cause: unknown) => {
    throw new Error(`PostgreSQL cannot be reached: ${oneLine(cause)}`, { cause });
  });
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    const dataSource = await new DataSource({
      type: 'postgres',
      url: databaseUrl,
      migrations: MIGRATIONS,
      poolSize: 1,
    }).initialize();
    try {
      const ran = await dataSource.runMigrations({ transaction: 'all' });
      return ran.map((migration) => migration.name);
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await lock.end();
  }
}
