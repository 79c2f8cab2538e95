import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { z } from 'zod';
import type { Transaction } from '../platform/outbox/transaction-runner.js';
import { DEFAULTS, fields } from './settings.fields.js';

/** The settings as the database keeps them. */
export const storedSiteSchema = z.object({
  ...fields,
  version: z.int(),
  /** Null until an administrator has chosen. */
  registration: z.enum(['open', 'closed']).nullable(),
  /** Names of files. */
  icon: z.string().nullable(),
  logo: z.string().nullable(),
});
export type StoredSite = z.output<typeof storedSiteSchema>;

export interface SiteReading {
  readonly site: StoredSite;
  readonly snapshot: string;
}

const COLUMNS = [
  ...['version', 'title', 'description', 'language', 'time_zone', 'posts_per_page', 'accent_color'],
  ...['navigation', 'footer', 'registration', 'icon', 'logo'],
] as const;

/** One row, also from an empty table. */
const READ = `
  SELECT (SELECT row_to_json(row) FROM (SELECT ${COLUMNS.join(', ')} FROM site) AS row) AS site,
    pg_current_snapshot()::text AS snapshot`;
const LOCK = 'SELECT FROM site FOR UPDATE';
const WRITE = `
  INSERT INTO site (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map((_, index) => `$${index + 1}`).join(', ')})
  ON CONFLICT (is_only) DO UPDATE SET
    ${COLUMNS.map((name) => `${name} = excluded.${name}`).join(', ')}`;

const NEW_SITE: StoredSite = { ...DEFAULTS, version: 0, registration: null, icon: null, logo: null };

const readingOf = ([row]: {
  readonly site: StoredSite | null;
  readonly snapshot: string;
}[]): SiteReading => ({
  site: row!.site ?? NEW_SITE,
  snapshot: row!.snapshot,
});

@Injectable()
export class SiteQueries {
  constructor(private readonly pool: Pool) {}

  async read(): Promise<SiteReading> {
    return readingOf((await this.pool.query<SiteReading>({ name: 'site', text: READ })).rows);
  }

  /** Locks the settings until the transaction ends. */
  async lock(tx: Transaction): Promise<SiteReading> {
    await tx.query(LOCK);
    return readingOf((await tx.query<SiteReading>(READ)).rows);
  }

  async write(tx: Transaction, site: StoredSite): Promise<void> {
    const values = COLUMNS.map((name) => (name === 'navigation' ? JSON.stringify(site[name]) : site[name]));
    await tx.query(WRITE, values);
  }
}
