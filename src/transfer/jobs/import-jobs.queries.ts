import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import type { RefusalReason } from '../archive/import-refused.js';
import type { StoredReport } from './stored-report.js';

type ImportState = 'uploading' | 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** An import by uploading, as administrators see it. */
export interface ImportJob {
  readonly id: number;
  readonly state: ImportState;
  /** User name; null if the account was deleted. */
  readonly createdBy: string | null;
  readonly fileName: string;
  readonly isDryRun: boolean;
  readonly shouldNotify: boolean;
  /** Of the file, as far as it has arrived. */
  readonly bytes: number;
  /** Known once the file was opened. */
  readonly format: string | null;
  /** How far the source has been read, up to `size`. */
  readonly position: number;
  readonly size: number;
  /** Stored so far, by all attempts. */
  readonly imported: number;
  readonly drafts: number;
  readonly isCancelling: boolean;
  /** Servers that have worked on it. More than one if a server died. */
  readonly attempts: number;
  readonly report: StoredReport | null;
  readonly failure: RefusalReason | null;
  readonly failureDetail: string | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

const COLUMNS = `j.id, j.state, u.username AS "createdBy", j.file_name AS "fileName", j.is_dry_run AS "isDryRun",
  j.should_notify AS "shouldNotify", j.bytes::float8 AS bytes, j.format, j.position::float8 AS position,
  j.size::float8 AS size, j.imported, j.drafts, j.is_cancelling AS "isCancelling", j.attempts, j.failure,
  j.failure_detail AS "failureDetail", j.created_at AS "createdAt", j.finished_at AS "finishedAt"`;
const FROM = 'FROM import_jobs AS j LEFT JOIN users AS u ON u.id = j.created_by';

/** Old jobs are deleted, so the list is short. */
const LIST_MAX = 50;

/** Reads jobs, on any replica. */
@Injectable()
export class ImportJobsQueries {
  constructor(private readonly pool: Pool) {}

  async find(id: number): Promise<ImportJob | undefined> {
    const { rows } = await this.pool.query<ImportJob>(`SELECT ${COLUMNS}, j.report ${FROM} WHERE j.id = $1`, [
      id,
    ]);
    return rows[0];
  }

  /** The newest first, without the groups of their reports. */
  async list(): Promise<ImportJob[]> {
    const { rows } = await this.pool.query<ImportJob>(
      `SELECT ${COLUMNS}, (j.report - 'groups' - 'authors') AS report ${FROM} ORDER BY j.id DESC LIMIT ${LIST_MAX}`,
    );
    return rows;
  }
}
