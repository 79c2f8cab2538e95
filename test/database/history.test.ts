import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { readHistory } from '../../src/platform/database/database-history.js';
import { OutboxConnection } from '../../src/platform/outbox/outbox-connection.js';
import { createTestDatabase, query } from '../support/test-database.js';

const TIMEOUT_MS = 10_000;
const NOTHING = { xmax: 0, xip: [] };

/** Like a dump that is restored in place. A session that has run the query before has a cached plan. */
const remakeTable = (table: string): string => `
  BEGIN;
  ALTER TABLE ${table} RENAME TO former;
  CREATE UNLOGGED TABLE ${table} (LIKE former INCLUDING ALL);
  DROP TABLE former;
  COMMIT`;
const MAKE_TRIGGER = `
  CREATE TRIGGER move_horizon_on_delete AFTER DELETE ON outbox
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION move_outbox_horizon()`;
const REMAKE_HISTORY = remakeTable('history');
const REMAKE_TRIGGER = `DROP TRIGGER move_horizon_on_delete ON outbox; ${MAKE_TRIGGER}`;
const REMAKE_OUTBOX = `${remakeTable('outbox')}; ${MAKE_TRIGGER}`;

describe('the history of a database', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let client: Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  const epoch = async (on = client): Promise<string> => (await readHistory(on, TIMEOUT_MS)).epoch;

  it('has one name for everybody, however many ask first', async () => {
    const clients = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const one = new Client({ connectionString: database.url });
        await one.connect();
        return one;
      }),
    );
    const names = await Promise.all(clients.map((one) => epoch(one)));
    await Promise.all(clients.map((one) => one.end()));
    expect(new Set(names).size).toBe(1);
  });

  it('is not inherited by a database made from it', async () => {
    const name = await epoch();
    const copy = `copy_${randomUUID().replaceAll('-', '')}`;
    const source = new URL(database.url).pathname.slice(1);
    await client.end();
    await query(postgresOf(database.url), `CREATE DATABASE ${copy} TEMPLATE ${source}`);
    const url = new URL(database.url);
    url.pathname = `/${copy}`;
    const onCopy = new Client({ connectionString: url.href });
    await onCopy.connect();
    const nameOfCopy = await epoch(onCopy);
    await onCopy.end();
    await query(postgresOf(database.url), `DROP DATABASE ${copy}`);
    client = new Client({ connectionString: database.url });
    await client.connect();
    expect(nameOfCopy).not.toBe(name);
    expect(await epoch()).toBe(name);
  });

  it('gets another name when its row was written by another transaction, as a restored dump does', async () => {
    const name = await epoch();
    await client.query(
      `WITH kept AS (DELETE FROM history RETURNING *) INSERT INTO history SELECT * FROM kept`,
    );
    expect(await epoch()).not.toBe(name);
  });

  it('gets another name when its row was written by another run of the server, as in a cold copy', async () => {
    const name = await epoch();
    await client.query(`DELETE FROM history`);
    await client.query(
      `INSERT INTO history (started) VALUES (pg_postmaster_start_time() - interval '1 hour')`,
    );
    expect(await epoch()).not.toBe(name);
  });

  it.each([
    ['its table', REMAKE_HISTORY],
    ['the trigger that a restored dump makes last', REMAKE_TRIGGER],
    ['the outbox', REMAKE_OUTBOX],
  ])(
    'gets another name, in a session that knows it, when %s was dropped and made again',
    async (_, remake) => {
      const name = await epoch();
      await query(database.url, remake);
      const next = await epoch();
      expect(next).not.toBe(name);
      const newcomer = new Client({ connectionString: database.url });
      await newcomer.connect();
      const known = await epoch(newcomer);
      await newcomer.end();
      expect(known).toBe(next);
    },
  );

  it('says so in the outbox, so that a CDN forgets what it has of the last one', async () => {
    await client.query('DELETE FROM history; DELETE FROM outbox');
    await epoch();
    const { rows } = await client.query('SELECT event, tags FROM outbox');
    expect(rows).toEqual([{ event: 'history.began', tags: ['*'] }]);
  });

  it('takes over what a server with more transactions left: its ids must not come again as known', async () => {
    await client.query('DELETE FROM history; DELETE FROM outbox');
    await client.query(
      `INSERT INTO outbox (xid, writer, event, payload, tags)
       VALUES ('9000000000', '${randomUUID()}', 'post.revised', '{}', '{post:1}')`,
    );
    await client.query(`INSERT INTO outbox_cursors VALUES ('cdn', '9000000001:9000000001:')`);
    await client.query(`UPDATE outbox_horizon SET pruned_through = '9000000000'`);
    await epoch();
    const { rows } = await client.query<{ taken: boolean; later: boolean; horizon: boolean }>(
      `SELECT bool_or(pg_visible_in_snapshot(o.xid, c.snapshot)) AS taken,
         bool_or(NOT pg_visible_in_snapshot(o.xid, pg_current_snapshot())) AS later,
         bool_or(h.pruned_through >= pg_snapshot_xmax(pg_current_snapshot())) AS horizon
       FROM outbox AS o, outbox_cursors AS c, outbox_horizon AS h`,
    );
    expect(rows).toEqual([{ taken: false, later: false, horizon: false }]);
  });
});

describe('the horizon of the outbox', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;

  beforeAll(async () => {
    database = await createTestDatabase();
  });

  afterAll(() => database.drop());

  beforeEach(async () => {
    await query(
      database.url,
      `INSERT INTO outbox (writer, event, payload, tags) VALUES ('${randomUUID()}', 'post.revised', '{}', '{}')`,
    );
  });

  const newest = async (): Promise<string> =>
    (
      await query<{ xid: string }>(
        database.url,
        'SELECT xid::text FROM outbox ORDER BY outbox.xid DESC LIMIT 1',
      )
    )[0]!.xid;
  const horizon = async (): Promise<string> =>
    (await query<{ xid: string }>(database.url, 'SELECT pruned_through::text AS xid FROM outbox_horizon'))[0]!
      .xid;

  it.each(['DELETE FROM outbox', 'TRUNCATE outbox'])('moves with %s, whoever runs it', async (statement) => {
    const deleted = await newest();
    expect(Number(await horizon())).toBeLessThan(Number(deleted));
    await query(database.url, statement);
    expect(await horizon()).toBe(deleted);
  });

  it('stays when nothing is deleted', async () => {
    const before = await horizon();
    await query(database.url, 'DELETE FROM outbox WHERE false');
    expect(await horizon()).toBe(before);
  });
});

describe('a session that follows the outbox', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let connection: OutboxConnection;

  const open = (): Promise<OutboxConnection> =>
    OutboxConnection.open(
      database.url,
      { replica: randomUUID(), fullLeaseMs: 440 },
      { connectMs: TIMEOUT_MS, queryMs: TIMEOUT_MS },
      { onNotice: () => undefined, onLost: () => undefined },
    );

  beforeAll(async () => {
    database = await createTestDatabase();
  });

  afterAll(() => database.drop());

  beforeEach(async () => {
    connection = await open();
  });

  it('learns with the next renewal that the database was restored in place under it', async () => {
    await connection.renew(NOTHING, TIMEOUT_MS);
    await query(
      database.url,
      `WITH kept AS (DELETE FROM history RETURNING *) INSERT INTO history SELECT * FROM kept`,
    );
    await expect(connection.renew(NOTHING, TIMEOUT_MS)).rejects.toThrow('restored in place');
    connection.close();
  });

  it('reads the leases of the table that there is now', async () => {
    const other = await open();
    await other.renew(NOTHING, TIMEOUT_MS);
    const before = await connection.renew(NOTHING, TIMEOUT_MS);
    expect(before.leases.length).toBeGreaterThan(1);
    await query(database.url, remakeTable('replica'));
    const { leases } = await connection.renew(NOTHING, TIMEOUT_MS);
    expect(leases).toHaveLength(1);
    other.close();
    connection.close();
  });

  it('names the history anew when the WAL is shorter than it was: the machine was set back while it ran', async () => {
    await connection.renew(NOTHING, TIMEOUT_MS);
    // As after a longer history than this server has had.
    Object.assign(connection, { walBytes: Number.MAX_SAFE_INTEGER });
    await expect(connection.renew(NOTHING, TIMEOUT_MS)).rejects.toThrow('reset to an earlier state');
    const next = await open();
    expect(next.history.epoch).not.toBe(connection.history.epoch);
    next.close();
    connection.close();
  });
});

function postgresOf(url: string): string {
  const server = new URL(url);
  server.pathname = '/postgres';
  return server.href;
}
