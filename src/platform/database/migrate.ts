import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { oneLine } from '../errors/one-line.js';
import { Setup1764500000000 } from './migrations/1764500000000-setup.migration.js';
import { InitialSchema1700000000000 } from './migrations/1700000000000-initial-schema.migration.js';
import { DatabaseHistory1764400000000 } from './migrations/1764400000000-database-history.migration.js';
import { CustomExcerpts1764440000000 } from './migrations/1764440000000-custom-excerpts.migration.js';
import { TagsOfPublishedPosts1764441000000 } from './migrations/1764441000000-tags-of-published-posts.migration.js';
import { KnownNetworks1764420000000 } from './migrations/1764420000000-known-networks.migration.js';
import { KeysOfAnyRequest1764410000000 } from './migrations/1764410000000-keys-of-any-request.migration.js';
import { ImportJobs1764470000000 } from './migrations/1764470000000-import-jobs.migration.js';
import { DraftsTrashAndPreviews1764450000000 } from './migrations/1764450000000-drafts-trash-and-previews.migration.js';
import { BrowserSessions1764435000000 } from './migrations/1764435000000-browser-sessions.migration.js';
import { StateInFunctions1764430000000 } from './migrations/1764430000000-state-in-functions.migration.js';
import { SiteSettings1764460000000 } from './migrations/1764460000000-site-settings.migration.js';
import { CacheSamples1764480000000 } from './migrations/1764480000000-cache-samples.migration.js';
import { FormerCategorySlugs1764481000000 } from './migrations/1764481000000-former-category-slugs.migration.js';
import { PasswordResets1764490000000 } from './migrations/1764490000000-password-resets.migration.js';

/** An arbitrary number, the same in every build. Replicas that start together migrate one after the other. */
const ADVISORY_LOCK = 7_240_811;

const MIGRATIONS = [
  InitialSchema1700000000000,
  DatabaseHistory1764400000000,
  KeysOfAnyRequest1764410000000,
  KnownNetworks1764420000000,
  StateInFunctions1764430000000,
  ImportJobs1764470000000,
  SiteSettings1764460000000,
  BrowserSessions1764435000000,
  CustomExcerpts1764440000000,
  DraftsTrashAndPreviews1764450000000,
  TagsOfPublishedPosts1764441000000,
  CacheSamples1764480000000,
  FormerCategorySlugs1764481000000,
  PasswordResets1764490000000,
  Setup1764500000000,
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
