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
  /** Webhooks are told of every post and account. */
  readonly shouldNotify?: boolean;
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
  /** Webhooks are not told. */
  readonly quiet: boolean;
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
    const quiet = options.shouldNotify !== true;
    const name = options.author ?? source.defaultAuthor ?? 'blogger';
    const run: Run = {
      report,
      authors: this.accounts.forImport(report, { isDryRun, quiet }),
      defaultAuthor: { name, displayName: name },
      isDryRun,
      quiet,
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
      // In the order of the source, those that were imported before too: so an author has the same account in every run.
      if (known.has(post)) await this.recall(post, run);
      else {
        const one = await this.prepare(post, run);
        if (one !== undefined) ready.push(one);
      }
    }
    if (!run.isDryRun) await this.writer.write(ready, run.report, run.quiet);
    else for (const { post } of ready) run.report.countImported(post.status);
  }

  /** Posts that an import has met before, or that are here since before they were exported. */
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
