import { Injectable } from '@nestjs/common';
import { AuthorAccounts, type AuthorsOfImport } from './author-accounts.service.js';
import { fitPost } from './fit-post.js';
import { ImportReport } from './import-report.js';
import { fingerprintOf, ImportedPostsQueries, sourceKeyOf } from './imported-posts.queries.js';
import { PostWriter, type ReadyPost, type WriteOptions } from './post-writer.service.js';
import { BrokenPost, Remarks } from './remarks.js';
import type { Source, SourceAuthor, SourcePost } from './source.js';

/** The number of posts per transaction and outbox row. */
const BATCH = 500;

export interface ImportOptions {
  /** The author of posts that name none. */
  readonly author?: string | undefined;
  /** Reads and reports, but writes nothing. */
  readonly isDryRun?: boolean;
  /** Notifies webhooks of every post and account. */
  readonly shouldNotify?: boolean;
  /** Stops the import between two batches. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (position: number, report: ImportReport) => void;
  /** Called in each transaction that stores posts, as its last part. If it throws, they are not stored. */
  readonly onStored?: NonNullable<WriteOptions['onStored']>;
}

/** The state of one run. */
interface Run {
  readonly report: ImportReport;
  readonly authors: AuthorsOfImport;
  readonly defaultAuthor: SourceAuthor;
  readonly isDryRun: boolean;
  readonly writing: WriteOptions;
  readonly startedAt: Date;
  readonly seen: Set<string>;
}

/**
 * Imports a blog in batches. Each batch is stored completely or not at all, so the next run can continue after a crash.
 */
@Injectable()
export class ImportService {
  constructor(
    private readonly importedPosts: ImportedPostsQueries,
    private readonly accounts: AuthorAccounts,
    private readonly writer: PostWriter,
  ) {}

  /** @throws UnreadableSource if the source turns out to be something else */
  async run(source: Source, options: ImportOptions = {}): Promise<ImportReport> {
    const report = new ImportReport(source.format);
    const isDryRun = options.isDryRun ?? false;
    const quiet = options.shouldNotify !== true;
    const name = options.author ?? source.defaultAuthor ?? 'blogger';
    const run: Run = {
      report,
      authors: this.accounts.forImport(report, { isDryRun, quiet }),
      defaultAuthor: { name, displayName: name },
      isDryRun,
      writing: { quiet, onStored: options.onStored },
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
    const posts = withoutTwins(batch, run);
    const known = await this.known(posts, run.report);
    const ready: ReadyPost[] = [];
    for (const post of posts) {
      // Authors are looked up in the order of the source, also for posts imported before, so that an author gets the
      // same account in every run.
      if (known.has(post)) await this.recall(post, run);
      else {
        const one = await this.prepare(post, run);
        if (one !== undefined) ready.push(one);
      }
    }
    if (!run.isDryRun) await this.writer.write(ready, run.report, run.writing);
    else for (const { post } of ready) run.report.countImported(post.status);
  }

  /** Posts imported before, and posts that existed here when they were exported. */
  private async known(posts: readonly SourcePost[], report: ImportReport): Promise<Set<SourcePost>> {
    const fingerprints = await this.importedPosts.fingerprints(posts);
    const here = await this.importedPosts.stillHere(posts);
    const known = posts.filter((post) => here.has(post) || fingerprints.has(sourceKeyOf(post)));
    report.unchanged += known.length;
    for (const post of known) {
      const fingerprint = here.has(post) ? null : fingerprints.get(sourceKeyOf(post));
      if (typeof fingerprint === 'string' && fingerprint !== fingerprintOf(post)) {
        report.remarks.push({ kind: 'differs', what: 'post', place: post.place, detail: post.title });
      }
    }
    return new Set(known);
  }

  private async recall({ author }: SourcePost, run: Run): Promise<void> {
    if (author !== null) await run.authors.recall(author ?? run.defaultAuthor);
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
      run.report.remarks.push({ detail: post.title, ...error.asRemark(post.place) });
      return undefined;
    }
  }
}

/** Removes posts that occur twice, for example in a source merged from two. */
function withoutTwins(batch: readonly SourcePost[], { seen, report }: Run): SourcePost[] {
  return batch.filter((post) => {
    const key = sourceKeyOf(post);
    if (!seen.has(key)) return seen.add(key);
    report.remarks.push({
      kind: 'left out',
      what: 'post that occurs twice in the source',
      place: post.place,
      detail: post.title,
    });
    return false;
  });
}
