import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * PL/pgSQL functions for what every write and every renewal reads. A session plans their statements once: planning them each
 * time took longer than running them. They are STABLE, so they see what the calling statement sees.
 */
export class StateInFunctions1764430000000 implements MigrationInterface {
  readonly name = 'StateInFunctions1764430000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION history_epoch');
    await runner.query('DROP FUNCTION lease_marks');
  }
}

/**
 * A row of `history` is valid only in the server process that wrote it, and as its transaction wrote it. A cold copy
 * has another start time, a restored dump was inserted by another transaction, and a crash or promotion empties the
 * table.
 */
const VALID = 'h.started = pg_postmaster_start_time() AND h.born::xid = h.xmin';

// OR REPLACE: an older dump that is restored in place resets the list of migrations, but leaves the functions.
const UP = [
  // A database created from this one as its template would share the row's id, so the database's oid is included. A dump
  // creates its triggers after all rows, so their oid gives even a restore outside of one transaction a new name at its end.
  `CREATE OR REPLACE FUNCTION history_epoch() RETURNS text STABLE LANGUAGE plpgsql AS $$
  BEGIN
    RETURN (
      SELECT md5(concat_ws(' ', h.id, s.system_identifier, d.oid, t.oid))::uuid::text
      FROM history AS h, pg_control_system() AS s, pg_database AS d
      LEFT JOIN pg_trigger AS t ON t.tgrelid = 'outbox'::regclass AND t.tgname = 'move_horizon_on_delete'
      WHERE d.datname = current_database() AND ${VALID}
    );
  END $$`,

  `CREATE OR REPLACE FUNCTION lease_marks() RETURNS json STABLE LANGUAGE plpgsql AS $$
  BEGIN
    RETURN coalesce(
      (SELECT json_agg(json_build_object('id', r.id, 'mark', r.xmin::text)) FROM replica AS r), '[]');
  END $$`,
];
