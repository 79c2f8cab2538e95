import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runInkwell } from '../support/run-inkwell.js';
import { query } from '../support/test-database.js';

const NAME = 'test_migrate_command';

let server: URL;
let environment: Record<string, string>;
beforeAll(async () => {
  server = new URL(process.env['TEST_POSTGRES_URL']!);
  server.pathname = '/postgres';
  await query(server.href, `CREATE DATABASE ${NAME}`);
  const database = new URL(server);
  database.pathname = `/${NAME}`;
  environment = { DATABASE_URL: database.href };
});
afterAll(() => query(server.href, `DROP DATABASE ${NAME} WITH (FORCE)`));

describe('inkwell migrate', () => {
  it('makes the schema of an empty database, once', async () => {
    const first = await runInkwell(['migrate'], environment);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/^(?:Ran \w+\.\n)+$/);
    expect(await runInkwell(['migrate'], environment)).toEqual({
      code: 0,
      stdout: 'The schema is up to date.\n',
      stderr: '',
    });
  });
});
