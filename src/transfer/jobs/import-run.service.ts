import { Injectable, Logger } from '@nestjs/common';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImportRefused } from '../archive/import-refused.js';
import { openUpload } from '../archive/open-upload.js';
import type { ImportReport } from '../import-report.js';
import { ImportService } from '../import.service.js';
import type { Source } from '../source.js';
import { ImportFiles } from './import-files.queries.js';
import { type ImportProgress, ImportQueue, type LeasedImport, LeaseLost } from './import-queue.queries.js';
import { storedReport } from './stored-report.js';

const RENEW_EVERY_MS = 2_000;
/** The report is kept in memory until the end. */
const MAX_REMARKS = 200_000;
const FOLDER = 'inkwell-import-';

/** This server stops; another one continues the import. */
export class ServerStops extends Error {}
/** An administrator cancelled the import. */
class Cancelled extends Error {}

/** Performs one import, from the stored file to the stored report. */
@Injectable()
export class ImportRun {
  private readonly logger = new Logger('Imports');

  constructor(
    private readonly queue: ImportQueue,
    private readonly files: ImportFiles,
    private readonly imports: ImportService,
  ) {}

  /** @param stopping aborted with ServerStops */
  async perform(job: LeasedImport, stopping: AbortSignal): Promise<void> {
    const attempt = new Attempt(job, this.queue, stopping);
    let folder: string | undefined;
    try {
      folder = await makeFolder();
      await this.performIn(folder, attempt);
    } catch (error) {
      await this.settle(job, attempt.reasonOf(error)).catch((cause: unknown) => {
        // The lease ends, and a process tries again.
        this.logger.warn(`Import ${job.id}: ${(cause as Error).message}`);
      });
    } finally {
      attempt.end();
      if (folder !== undefined) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    }
  }

  private async performIn(folder: string, attempt: Attempt): Promise<void> {
    const { job, signal } = attempt;
    const upload = join(folder, 'upload');
    await mkdir(upload);
    const path = join(upload, job.fileName);
    await this.files.writeTo(path, job, signal);
    const source = await openUpload(path, join(folder, 'unpacked'), signal);
    attempt.progress = { format: source.format, position: 0, size: source.size };
    const report = await this.import(source, attempt);
    const stored = job.isDryRun ? report : await this.queue.stored(job);
    const state = stateOf(signal);
    await this.queue.finish(job, state, attempt.progress, storedReport(report, stored));
  }

  private import(source: Source, attempt: Attempt): Promise<ImportReport> {
    const { job, signal } = attempt;
    return this.imports.run(source, {
      // Posts without an author belong to the author of the blog in the file, or else to whoever uploads it.
      author: source.defaultAuthor ?? job.createdBy ?? undefined,
      ...{ isDryRun: job.isDryRun, shouldNotify: job.shouldNotify, signal },
      onProgress: (position, report) => {
        attempt.progress = { ...attempt.progress, position };
        if (report.remarks.length > MAX_REMARKS) throw new ImportRefused('report_too_long');
      },
      onStored: (tx, counts) => this.queue.count(tx, job, counts),
    });
  }

  private async settle(job: LeasedImport, error: unknown): Promise<void> {
    if (error instanceof LeaseLost) return;
    if (error instanceof ServerStops) return this.queue.giveBack(job);
    if (error instanceof Cancelled) return this.queue.cancelled(job);
    if (error instanceof ImportRefused) return this.queue.fail(job, error);
    this.logger.error(error);
    await this.queue.retry(job);
  }
}

/** @throws unless the import is complete, or ended by an administrator */
function stateOf({ aborted, reason }: AbortSignal): 'done' | 'cancelled' {
  if (!aborted) return 'done';
  if (reason instanceof Cancelled) return 'cancelled';
  throw reason;
}

/** A process at work on an import: renews its lease, and learns whether to go on. */
class Attempt {
  progress: ImportProgress = { format: null, position: 0, size: 0 };
  readonly signal: AbortSignal;
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;

  constructor(
    readonly job: LeasedImport,
    private readonly queue: ImportQueue,
    stopping: AbortSignal,
  ) {
    this.signal = AbortSignal.any([stopping, this.controller.signal]);
    this.timer = setInterval(() => void this.renew(), RENEW_EVERY_MS).unref();
  }

  end(): void {
    clearInterval(this.timer);
  }

  /** The error may be the abort itself, in one form or another. */
  reasonOf(error: unknown): unknown {
    return this.signal.aborted && !(error instanceof ImportRefused) ? this.signal.reason : error;
  }

  private async renew(): Promise<void> {
    try {
      const { isCancelling } = await this.queue.renew(this.job, this.progress);
      if (isCancelling) this.controller.abort(new Cancelled());
    } catch (error) {
      // Without PostgreSQL the work stops by itself, or goes on if PostgreSQL returns before the lease ends.
      if (error instanceof LeaseLost) this.controller.abort(error);
    }
  }
}

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** A new folder for one import. Folders of processes that were killed are deleted; this one has no other import. */
async function makeFolder(): Promise<string> {
  for (const name of await readdir(tmpdir())) {
    const pid = new RegExp(`^${FOLDER}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || (Number(pid) !== process.pid && isRunning(Number(pid)))) continue;
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
  return mkdtemp(join(tmpdir(), `${FOLDER}${process.pid}-`));
}
