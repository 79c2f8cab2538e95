import { Injectable } from '@nestjs/common';
import { Housekeeping } from '../../platform/database/housekeeping.js';
import { TransactionRunner } from '../../platform/outbox/transaction-runner.js';
import { ImportFiles } from './import-files.queries.js';
import { type ImportJob, ImportJobsQueries } from './import-jobs.queries.js';
import { ImportNotFound, TooManyImports, UploadEmpty, UploadTooLarge } from './import-jobs.problems.js';
import { ImportWorker } from './import-worker.service.js';

export type { ImportJob } from './import-jobs.queries.js';
export type { StoredGroup, StoredReport } from './stored-report.js';

export const MAX_UPLOAD_BYTES = 512 * 1024 ** 2;
/** Each may take MAX_UPLOAD_BYTES of the database. */
const MAX_UNFINISHED = 4;
const MAX_NAME = 100;
const KEEP_JOBS = '90 days';

/** An arbitrary number, the same in every process. New jobs are counted one after the other. */
const ADVISORY_LOCK = 7_240_817;

const UNFINISHED = `state IN ('queued', 'running') OR (state = 'uploading' AND leased_until >= now())`;
const INSERT = `
  INSERT INTO import_jobs (created_by, file_name, is_dry_run, should_notify, leased_until)
  VALUES ($1, $2, $3, $4, now() + interval '2 minutes') RETURNING id`;
const QUEUE = `
  UPDATE import_jobs SET state = 'queued', leased_until = NULL WHERE id = $1 AND state = 'uploading' AND bytes > 0`;
/** One that is running stops at its next safe point. */
const CANCEL = `
  UPDATE import_jobs SET is_cancelling = true,
    state = CASE state WHEN 'queued' THEN 'cancelled' ELSE state END,
    finished_at = CASE state WHEN 'queued' THEN now() END
  WHERE id = $1 AND state IN ('queued', 'running')`;
const DELETE_FILE = `
  DELETE FROM import_chunks USING import_jobs AS j WHERE job_id = j.id AND j.state IN ('done', 'failed', 'cancelled')`;
const DELETE_OLD = `
  DELETE FROM import_jobs WHERE (state = 'uploading' AND leased_until < now())
    OR (finished_at < now() - interval '${KEEP_JOBS}')`;

export interface ImportUpload {
  /** As the browser names it. */
  readonly fileName: string;
  readonly isDryRun: boolean;
  readonly shouldNotify: boolean;
  readonly bytes: AsyncIterable<Buffer>;
}

/** The last part of a path, without characters that disturb a file system or a page. */
function fileNameOf(given: string): string {
  const name = (given.split(/[/\\]/).at(-1) ?? '').replace(/[\p{C}<>:"|?*]/gu, '').trim();
  const dot = name.lastIndexOf('.');
  const suffix = dot === -1 ? '' : name.slice(dot).slice(0, 10);
  const stem = (dot === -1 ? name : name.slice(0, dot)).slice(0, MAX_NAME).replace(/^\.+/, '').toWellFormed();
  return `${stem === '' ? 'upload' : stem}${suffix}`;
}

/** Imports of uploaded files. Any replica takes an upload, any performs it, and all show it. */
@Injectable()
export class ImportJobsService {
  constructor(
    private readonly files: ImportFiles,
    private readonly jobs: ImportJobsQueries,
    private readonly worker: ImportWorker,
    private readonly transactions: TransactionRunner,
  ) {}

  list(): Promise<ImportJob[]> {
    return this.jobs.list();
  }

  /** @throws ImportNotFound 404 */
  async get(id: number): Promise<ImportJob> {
    const job = await this.jobs.find(id);
    if (job === undefined) throw new ImportNotFound(id);
    return job;
  }

  /**
   * Stores an upload while it arrives, and queues its import.
   * @returns the id of the job
   * @throws TooManyImports 409, UploadTooLarge 413, UploadEmpty 422; what `bytes` throws if the upload breaks off
   */
  async accept(upload: ImportUpload, by: { readonly userId: number }): Promise<number> {
    const id = await this.open(upload, by.userId);
    try {
      await this.files.store(id, limited(upload.bytes));
      await this.queue(id);
    } catch (error) {
      // If this fails too, housekeeping deletes the upload later.
      await this.discard(id).catch(() => undefined);
      throw error;
    }
    this.worker.wake();
    return id;
  }

  /** Has no effect on an import that has ended. Imported posts stay. @throws ImportNotFound 404 */
  async cancel(id: number): Promise<void> {
    await this.get(id);
    await this.transactions.run(async (tx) => {
      await tx.query(CANCEL, [id]);
      await tx.query(`${DELETE_FILE} AND j.id = $1`, [id]);
    });
  }

  private open({ fileName, isDryRun, shouldNotify }: ImportUpload, userId: number): Promise<number> {
    return this.transactions.run(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCK]);
      const { rows: counts } = await tx.query<{ count: number }>(
        `SELECT count(*)::integer AS count FROM import_jobs WHERE ${UNFINISHED}`,
      );
      if (counts[0]!.count >= MAX_UNFINISHED) throw new TooManyImports(MAX_UNFINISHED);
      const values = [userId, fileNameOf(fileName), isDryRun, shouldNotify];
      return (await tx.query<{ id: number }>(INSERT, values)).rows[0]!.id;
    });
  }

  private async queue(id: number): Promise<void> {
    const { rowCount } = await this.transactions.run((tx) => tx.query(QUEUE, [id]));
    if (rowCount === 0) throw new UploadEmpty();
  }

  private async discard(id: number): Promise<void> {
    await this.transactions.run((tx) =>
      tx.query(`DELETE FROM import_jobs WHERE id = $1 AND state = 'uploading'`, [id]),
    );
  }
}

async function* limited(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let length = 0;
  for await (const part of bytes) {
    length += part.length;
    if (length > MAX_UPLOAD_BYTES) throw new UploadTooLarge(MAX_UPLOAD_BYTES);
    yield part;
  }
}

/** Deletes files whose job has ended, uploads that broke off, and old jobs. */
@Injectable()
export class ImportUpkeep {
  constructor(housekeeping: Housekeeping) {
    housekeeping.register('files of imports', DELETE_FILE);
    housekeeping.register('imports', DELETE_OLD);
  }
}
