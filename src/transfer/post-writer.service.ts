import { Injectable } from '@nestjs/common';
import { type ImportedPost, type InsertedPost, PostsService } from '../blog/posts.service.js';
import { type Transaction, TransactionRunner } from '../platform/outbox/transaction-runner.js';
import { formerPath } from '../platform/slugs/former-path.js';
import { slugify } from '../platform/slugs/slugify.js';
import type { Account } from './author-accounts.service.js';
import type { ImportReport } from './import-report.js';
import { ImportedPostsQueries, sourceKeyOf } from './imported-posts.queries.js';
import type { SourcePost } from './source.js';

/** A post within the limits, with its author, who is null if the account was deleted. */
export interface ReadyPost {
  readonly post: SourcePost;
  readonly account: Account | null;
}

const pathsOf = (post: SourcePost): string[] => [
  ...new Set(post.formerAddresses.map(formerPath).filter((path) => path !== undefined)),
];

const importedPost = ({ post, account }: ReadyPost): ImportedPost => ({
  sourceKey: sourceKeyOf(post),
  title: post.title,
  slug: slugify(post.slug),
  content: post.content,
  contentFormat: post.contentFormat,
  excerpt: post.excerpt,
  authorId: account?.id ?? null,
  categoryName: post.category,
  tags: post.tags,
  status: post.status,
  createdAt: post.createdAt,
  updatedAt: post.updatedAt ?? post.createdAt,
  formerPaths: pathsOf(post),
  formerSlugs: post.formerSlugs ?? [],
});

/** The blog's problem code. */
const TOO_COMPLEX = 'post.too_complex';

/** Is the post itself the reason for the failure: a word too long for the search index, or too much to render? */
function isAboutData(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return (
    error instanceof RangeError ||
    code === TOO_COMPLEX ||
    (typeof code === 'string' && /^(?:22|23|54)/.test(code))
  );
}

/** How a batch is written. */
export interface WriteOptions {
  /** Sends nothing to webhooks. */
  readonly quiet: boolean;
  /** See ImportOptions. */
  readonly onStored?: ((tx: Transaction, stored: StoredCounts) => Promise<void>) | undefined;
}

/** Posts that a transaction stores. */
interface StoredCounts {
  readonly imported: number;
  readonly drafts: number;
}

/** Writes posts in batches, and finds the post that makes a batch fail. */
@Injectable()
export class PostWriter {
  constructor(
    private readonly posts: PostsService,
    private readonly importedPosts: ImportedPostsQueries,
    private readonly transactions: TransactionRunner,
  ) {}

  /**
   * Writes all posts in one transaction. If one post makes the transaction fail, it is reported and the others are
   * written.
   */
  async write(ready: readonly ReadyPost[], report: ImportReport, options: WriteOptions): Promise<void> {
    if (ready.length === 0) return;
    try {
      const inserted = await this.insert(ready, options);
      this.account(ready, inserted, report);
    } catch (error) {
      if (!isAboutData(error)) throw error;
      await this.writeHalves(ready, error as Error, { report, options });
    }
  }

  private insert(ready: readonly ReadyPost[], { quiet, onStored }: WriteOptions): Promise<InsertedPost[]> {
    return this.transactions.run(async (tx) => {
      // Another import may hold locks while it writes 500 posts, and nobody waits for this one.
      await tx.query(`SET LOCAL lock_timeout = '2 min'`);
      const inserted = await this.posts.importBatch(tx, ready.map(importedPost), { quiet });
      const keys = new Set(inserted.map(({ sourceKey }) => sourceKey));
      const stored = ready.map(({ post }) => post).filter((post) => keys.has(sourceKeyOf(post)));
      await this.importedPosts.remember(tx, stored);
      const drafts = stored.filter(({ status }) => status === 'draft').length;
      await onStored?.(tx, { imported: stored.length, drafts });
      return inserted;
    });
  }

  private async writeHalves(
    ready: readonly ReadyPost[],
    error: Error,
    { report, options }: { report: ImportReport; options: WriteOptions },
  ): Promise<void> {
    if (ready.length === 1) {
      const { place } = ready[0]!.post;
      report.remarks.push({ kind: 'broken', what: 'cannot be stored', place, detail: error.message });
      return;
    }
    const middle = Math.ceil(ready.length / 2);
    await this.write(ready.slice(0, middle), report, options);
    await this.write(ready.slice(middle), report, options);
  }

  private account(
    ready: readonly ReadyPost[],
    inserted: readonly InsertedPost[],
    report: ImportReport,
  ): void {
    const byKey = new Map(inserted.map((each) => [each.sourceKey, each]));
    for (const { post } of ready) {
      const made = byKey.get(sourceKeyOf(post));
      if (made === undefined) report.unchanged += 1;
      else {
        report.countImported(post.status);
        reportDifferences(post, made, report);
      }
    }
  }
}

function reportDifferences(post: SourcePost, made: InsertedPost, report: ImportReport): void {
  const { place } = post;
  const requested = slugify(post.slug);
  if (made.slug !== requested) {
    const what = 'slug that is taken, so that a number was added';
    report.remarks.push({ kind: 'changed', what, place, detail: `${requested} → ${made.slug}` });
  }
  for (const detail of made.takenPaths) {
    report.remarks.push({
      kind: 'not kept',
      what: 'former address that leads to another post',
      place,
      detail,
    });
  }
  for (const detail of post.formerAddresses.filter((address) => formerPath(address) === undefined)) {
    report.remarks.push({
      kind: 'not kept',
      what: 'former address that differs in its query only',
      place,
      detail,
    });
  }
}
