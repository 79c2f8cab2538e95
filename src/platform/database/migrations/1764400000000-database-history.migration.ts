import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The name of the database's history, which no copy inherits, and the range of changes that the outbox still has. */
export class DatabaseHistory1764400000000 implements MigrationInterface {
  readonly name = 'DatabaseHistory1764400000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER move_horizon_on_delete ON outbox');
    await runner.query('DROP TRIGGER move_horizon_on_truncate ON outbox');
    await runner.query('DROP FUNCTION move_outbox_horizon');
    await runner.query('DROP TABLE outbox_horizon');
    await runner.query('DROP TABLE history');
  }
}

const UP = [
  // At most one row is valid: see platform/database/database-history.ts. A crash or promotion empties the table.
  // cache_epoch, its predecessor, remains for older builds that still run during an upgrade.
  `CREATE UNLOGGED TABLE history (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    started timestamptz NOT NULL DEFAULT pg_postmaster_start_time(),
    born xid8 NOT NULL DEFAULT pg_current_xact_id()
  )`,

  // Rows of transactions up to this one may have been deleted from the outbox. Every later row is there.
  `CREATE TABLE outbox_horizon (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    pruned_through xid8 NOT NULL
  )`,
  `INSERT INTO outbox_horizon (pruned_through) VALUES (pg_current_xact_id())`,

  // Triggers also count rows that are deleted by hand.
  `CREATE FUNCTION move_outbox_horizon() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    newest xid8;
  BEGIN
    IF TG_OP = 'DELETE' THEN
      SELECT xid INTO newest FROM gone ORDER BY xid DESC LIMIT 1;
    ELSE
      SELECT xid INTO newest FROM outbox ORDER BY xid DESC LIMIT 1;
    END IF;
    UPDATE outbox_horizon SET pruned_through = newest WHERE pruned_through < newest;
    RETURN NULL;
  END $$`,
  `CREATE TRIGGER move_horizon_on_delete AFTER DELETE ON outbox
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION move_outbox_horizon()`,
  `CREATE TRIGGER move_horizon_on_truncate BEFORE TRUNCATE ON outbox
    FOR EACH STATEMENT EXECUTE FUNCTION move_outbox_horizon()`,
];
