import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Imports by uploading. Replicas share only the database, so the uploaded files are kept there until their job ends. */
export class ImportJobs1764470000000 implements MigrationInterface {
  readonly name = 'ImportJobs1764470000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE import_chunks');
    await runner.query('DROP TABLE import_jobs');
  }
}

const UP = [
  `CREATE TABLE import_jobs (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    state text NOT NULL DEFAULT 'uploading'
      CHECK (state IN ('uploading', 'queued', 'running', 'done', 'failed', 'cancelled')),
    created_by integer REFERENCES users ON DELETE SET NULL,
    file_name text NOT NULL,
    is_dry_run boolean NOT NULL,
    should_notify boolean NOT NULL,
    bytes bigint NOT NULL DEFAULT 0,
    format text,
    position bigint NOT NULL DEFAULT 0,
    size bigint NOT NULL DEFAULT 0,
    imported integer NOT NULL DEFAULT 0,
    drafts integer NOT NULL DEFAULT 0,
    is_cancelling boolean NOT NULL DEFAULT false,
    attempts smallint NOT NULL DEFAULT 0,
    lease uuid,
    leased_until timestamptz,
    report jsonb,
    failure text,
    failure_detail text,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    started_at timestamptz(3),
    finished_at timestamptz(3)
  )`,
  // One import at a time in the whole installation.
  `CREATE UNIQUE INDEX idx_import_jobs_running ON import_jobs ((true)) WHERE state = 'running'`,
  `CREATE INDEX idx_import_jobs_created_by ON import_jobs (created_by)`,
  `CREATE TABLE import_chunks (
    job_id integer NOT NULL REFERENCES import_jobs ON DELETE CASCADE,
    position integer NOT NULL,
    bytes bytea NOT NULL CHECK (octet_length(bytes) <= 1048576),
    PRIMARY KEY (job_id, position)
  )`,
  // Most uploads are compressed already.
  `ALTER TABLE import_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL`,
];
