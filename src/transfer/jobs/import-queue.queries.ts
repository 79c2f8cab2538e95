import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { isUniqueViolation } from '../../platform/database/unique-violation.js';
import type { Transaction } from '../../platform/outbox/transaction-runner.js';
import type { ImportRefused } from '../archive/import-refused.js';
import { storable, type StoredReport } from './stored-report.js';

/** Renewed every few seconds. After it, another process takes over the import of a process that stopped. */
const LEASE = `interval '15 seconds'`;
/** A file that makes every server die is given up. */
const MAX_ATTEMPTS = 3;
const RETRY_AFTER = `interval '5 seconds'`;

/** An import that only this process may perform while its lease lasts. */
export interface LeasedImport {
  readonly id: number;
  readonly lease: string;
  /** Includes this one. */
  readonly attempts: number;
  readonly fileName: string;
  readonly bytes: number;
  readonly isDryRun: boolean;
  readonly shouldNotify: boolean;
  /** User name of the administrator; null if the account was deleted since. */
  readonly createdBy: string | null;
}

/** How far an import is. */
export interface ImportProgress {
  readonly format: string | null;
  readonly position: number;
  readonly size: number;
}

interface Counts {
  readonly imported: number;
  readonly drafts: number;
}

/** The lease belongs to another process by now, or the job was deleted. */
export class LeaseLost extends Error {}

const GIVE_UP = `
  UPDATE import_jobs SET state = 'failed', failure = 'workers_died', lease = NULL, leased_until = NULL, finished_at = now()
  WHERE state = 'running' AND leased_until < now() AND attempts >= ${MAX_ATTEMPTS}`;

/** An import that lost its process comes before those that wait. The unique index refuses a second one that runs. */
const CLAIM = `
  WITH next AS (
    SELECT id FROM import_jobs
    WHERE (state = 'queued' OR (state = 'running' AND leased_until < now() AND attempts < ${MAX_ATTEMPTS}))
      AND NOT EXISTS (SELECT FROM import_jobs WHERE state = 'running' AND leased_until >= now())
    ORDER BY state = 'running' DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED
  ), claimed AS (
    UPDATE import_jobs AS j
    SET state = 'running', lease = gen_random_uuid(), leased_until = now() + ${LEASE}, attempts = j.attempts + 1,
      position = 0, started_at = coalesce(j.started_at, now())
    FROM next WHERE j.id = next.id RETURNING j.*
  )
  SELECT c.id, c.lease, c.attempts, c.file_name AS "fileName", c.bytes::float8 AS bytes, c.is_dry_run AS "isDryRun",
    c.should_notify AS "shouldNotify", u.username AS "createdBy"
  FROM claimed AS c LEFT JOIN users AS u ON u.id = c.created_by`;

const HELD = `id = $1 AND lease = $2 AND state = 'running'`;
const RENEW = `
  UPDATE import_jobs SET leased_until = now() + ${LEASE}, format = $3, position = $4, size = $5 WHERE ${HELD}
  RETURNING is_cancelling AS "isCancelling"`;
const COUNT = `UPDATE import_jobs SET imported = imported + $3, drafts = drafts + $4 WHERE ${HELD}`;
const STORED = `SELECT imported, drafts FROM import_jobs WHERE ${HELD}`;
/** The file is deleted together with the end of its job. */
const end = (changes: string): string => `
  WITH ended AS (
    UPDATE import_jobs SET lease = NULL, leased_until = NULL, finished_at = now(), ${changes} WHERE ${HELD} RETURNING id
  )
  DELETE FROM import_chunks USING ended WHERE job_id = ended.id`;
const FINISH = end(
  `state = $3, format = $4, position = $5, size = $6, report = $7, imported = $8, drafts = $9`,
);
const CANCELLED = end(`state = 'cancelled'`);
const FAIL = end(`state = 'failed', failure = $3, failure_detail = $4`);
const GIVE_BACK = `
  UPDATE import_jobs SET state = 'queued', lease = NULL, leased_until = NULL, attempts = attempts - 1 WHERE ${HELD}`;
const RETRY = `UPDATE import_jobs SET leased_until = now() + ${RETRY_AFTER} WHERE ${HELD}`;

/** The imports to perform. One process performs one at a time. */
@Injectable()
export class ImportQueue {
  constructor(private readonly pool: Pool) {}

  /** @returns undefined while there is none, or while one is running anywhere */
  async claim(): Promise<LeasedImport | undefined> {
    await this.pool.query(GIVE_UP);
    try {
      return (await this.pool.query<LeasedImport>(CLAIM)).rows[0];
    } catch (error) {
      if (isUniqueViolation(error)) return undefined;
      throw error;
    }
  }

  /** @throws LeaseLost */
  async renew(job: LeasedImport, progress: ImportProgress): Promise<{ readonly isCancelling: boolean }> {
    const { format, position, size } = progress;
    const { rows } = await this.pool.query<{ isCancelling: boolean }>(RENEW, [
      ...keyOf(job),
      format,
      position,
      size,
    ]);
    if (rows[0] === undefined) throw new LeaseLost();
    return rows[0];
  }

  /** Counts posts in the transaction that stores them, so that the count is right whenever a server dies. @throws LeaseLost */
  async count(tx: Transaction, job: LeasedImport, { imported, drafts }: Counts): Promise<void> {
    const { rowCount } = await tx.query(COUNT, [...keyOf(job), imported, drafts]);
    if (rowCount === 0) throw new LeaseLost();
  }

  /** @returns the posts that all attempts have stored @throws LeaseLost */
  async stored(job: LeasedImport): Promise<Counts> {
    const { rows } = await this.pool.query<Counts>(STORED, keyOf(job));
    if (rows[0] === undefined) throw new LeaseLost();
    return rows[0];
  }

  /** Does nothing if the lease was lost. */
  async finish(
    job: LeasedImport,
    state: 'done' | 'cancelled',
    { position, size }: ImportProgress,
    report: StoredReport,
  ): Promise<void> {
    const { format, imported, drafts } = report;
    const values = [format, position, size, JSON.stringify(report), imported, drafts];
    await this.pool.query(FINISH, [...keyOf(job), state, ...values]);
  }

  /** Does nothing if the lease was lost. */
  async fail(job: LeasedImport, { reason, detail }: ImportRefused): Promise<void> {
    await this.pool.query(FAIL, [...keyOf(job), reason, storable(detail)]);
  }

  /** For an import that was cancelled before its file was opened. */
  async cancelled(job: LeasedImport): Promise<void> {
    await this.pool.query(CANCELLED, keyOf(job));
  }

  /** For another process to continue at once. */
  async giveBack(job: LeasedImport): Promise<void> {
    await this.pool.query(GIVE_BACK, keyOf(job));
  }

  /** After a fault of this server, any process tries again soon. */
  async retry(job: LeasedImport): Promise<void> {
    await this.pool.query(RETRY, keyOf(job));
  }
}

const keyOf = ({ id, lease }: LeasedImport): [number, string] => [id, lease];
