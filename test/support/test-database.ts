import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { readHistory } from '../../src/platform/database/database-history.js';

const HISTORY_TIMEOUT_MS = 30_000;

const serverUrl = (): string => {
  const url = process.env['TEST_POSTGRES_URL'];
  if (url === undefined)
    throw new Error('TEST_POSTGRES_URL is set by test/support/start-services.js: run `npm test`');
  return url;
};

const withName = (name: string): string => {
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  return url.href;
};

/** Runs one statement on a new connection. */
export async function query<Row extends object>(
  url: string,
  sql: string,
  parameters: unknown[] = [],
): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Row>(sql, parameters).finally(() => client.end());
  return rows;
}

const onServer = async (sql: string): Promise<void> => {
  await query(withName('postgres'), sql);
};

/** A migrated, empty database for one test file. Its history has begun, and its outbox contains nothing about that. */
export async function createTestDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name} TEMPLATE inkwell`);
  const url = withName(name);
  const client = new Client({ connectionString: url });
  await client.connect();
  await readHistory(client, HISTORY_TIMEOUT_MS);
  await client.query('DELETE FROM outbox');
  await client.end();
  return { url, drop: () => onServer(`DROP DATABASE ${name} WITH (FORCE)`) };
}
