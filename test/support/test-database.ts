import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

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

async function onServer(sql: string): Promise<void> {
  const client = new Client({ connectionString: withName('postgres') });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

/** A migrated, empty database of its own for one test file. */
export async function createTestDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name} TEMPLATE inkwell`);
  return { url: withName(name), drop: () => onServer(`DROP DATABASE ${name} WITH (FORCE)`) };
}
