import { Injectable } from '@nestjs/common';
import { AuthorAccounts, type AuthorsOfImport } from './author-accounts.service.js';
import { fitPost } from './fit-post.js';
import { ImportReport } from './import-report.js';
import { fingerprintOf, ImportedPostsQueries, sourceKeyOf } from './imported-posts.queries.js';
import { PostWriter, type ReadyPost } from './post-writer.service.js';
import { BrokenPost, Remarks } from './remarks.js';
import type { Source, SourceAuthor, SourcePost } from './source.js';

/** One transaction and one outbox row for so many posts. */
const BATCH = 500;

export interface ImportOptions {
  /** Whose posts those are that name no author. */
  readonly author?: string | undefined;
  /** Reads and reports, writes nothing. */
  readonly isDryRun?: boolean;
  /** Stops the import between two batches. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (position: number, report: ImportReport) => void;
}

/** What one run carries along. */
interface Run {
  readonly report: ImportReport;
  readonly authors: AuthorsOfImport;
  readonly defaultAuthor: SourceAuthor;
  readonly isDryRun: boolean;
  readonly startedAt: Date;
  readonly seen: Set<string>;
}

/** Brings a blog in, in batches that are there as a whole or not at all: after a crash the next run goes on. */
@Injectable()
export class ImportService {
  constructor(
    private readonly importedPosts: ImportedPostsQueries,
    private readonly accounts: AuthorAccounts,
    private readonly writer: PostWriter,
  ) {}

  /** @throws UnreadableSource when the source turns out not to be one */
  async run(source: Source, options: ImportOptions = {}): Promise<ImportReport> {
    const report = new ImportReport(source.format);
    const isDryRun = options.isDryRun ?? false;
    const name = options.author ?? source.defaultAuthor ?? 'blogger';
    const run: Run = {
      report,
      authors: this.accounts.forImport(report, isDryRun),
      defaultAuthor: { name, displayName: name },
      isDryRun,
      startedAt: new Date(),
      seen: new Set(),
    };
    let batch: SourcePost[] = [];
    for await (const { post, remarks, position } of source.items()) {
      report.remarks.push(...remarks);
      if (post !== undefined && batch.push(post) === BATCH) {
        await this.take(batch, run);
        batch = [];
      }
      if (options.signal?.aborted === true) return report;
      options.onProgress?.(position, report);
    }
    await this.take(batch, run);
    return report;
  }

  private async take(batch: readonly SourcePost[], run: Run): Promise<void> {
    const fresh = await this.withoutKnown(withoutTwins(batch, run), run.report);
    const ready: ReadyPost[] = [];
    for (const post of fresh) {
      const one = await this.prepare(post, run);
      if (one !== undefined) ready.push(one);
    }
    if (!run.isDryRun) await this.writer.write(ready, run.report);
    else for (const { post } of ready) run.report.countImported(post.status);
  }

  /** Posts that no import has met before, and that are not here since they were exported. */
  private async withoutKnown(batch: readonly SourcePost[], report: ImportReport): Promise<SourcePost[]> {
    const known = await this.importedPosts.fingerprints(batch);
    const here = await this.importedPosts.stillHere(batch);
    return batch.filter((post) => {
      const fingerprint = here.has(post) ? null : known.get(sourceKeyOf(post));
      if (fingerprint === undefined) return true;
      report.unchanged += 1;
      if (fingerprint !== null && fingerprint !== fingerprintOf(post)) {
        report.remarks.push({ kind: 'differs', what: 'post', place: post.place, detail: post.title });
      }
      return false;
    });
  }

  private async prepare(post: SourcePost, run: Run): Promise<ReadyPost | undefined> {
    const remarks = new Remarks(post.place);
    try {
      const fitted = fitPost(post, run.startedAt, remarks);
      const author = post.author === undefined ? run.defaultAuthor : post.author;
      if (post.author === undefined)
        remarks.changed(`post without an author, now of ${run.defaultAuthor.name}`);
      run.report.remarks.push(...remarks.list);
      return { post: fitted, account: author === null ? null : await run.authors.accountOf(author) };
    } catch (error) {
      if (!(error instanceof BrokenPost)) throw error;
      run.report.remarks.push(error.asRemark(post.place));
      return undefined;
    }
  }
}

/** A source that was put together from two has some posts twice. */
function withoutTwins(batch: readonly SourcePost[], { seen, report }: Run): SourcePost[] {
  return batch.filter((post) => {
    const key = sourceKeyOf(post);
    if (!seen.has(key)) return seen.add(key);
    report.remarks.push({
      kind: 'left out',
      what: 'post that is in the source twice',
      place: post.place,
      detail: post.title,
    });
    return false;
  });
}
