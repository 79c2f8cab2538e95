import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { type ImportedPost, PostsService } from '../blog/posts.service.js';
import { Config } from '../config.js';
import { type Transaction, TransactionRunner } from '../platform/outbox/transaction-runner.js';
import { UsersService } from '../users/users.service.js';
import type { SamplePost } from './sample-posts.js';

/** An arbitrary number, the same in every build. If several replicas start together, one of them adds the posts. */
const ADVISORY_LOCK = 7_240_812;
const AUTHOR = 'inkwell';
const HOURS_BETWEEN_POSTS = 26;
const HOUR_MS = 3_600_000;

const IS_EMPTY = 'SELECT NOT EXISTS (SELECT FROM users) AND NOT EXISTS (SELECT FROM posts) AS is_empty';

/** Adds sample posts to an empty database when the server starts. */
@Injectable()
export class Welcome implements OnApplicationBootstrap {
  private readonly logger = new Logger('Welcome');

  constructor(
    private readonly config: Config,
    private readonly transactions: TransactionRunner,
    private readonly users: UsersService,
    private readonly posts: PostsService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.welcome || this.config.isProduction) return;
    const count = await this.transactions.run((tx) => this.fill(tx));
    if (count > 0) this.logger.log(`Added ${count} sample posts to the empty blog`);
  }

  private async fill(tx: Transaction): Promise<number> {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCK]);
    // A separate statement, because it must see what the previous holder of the lock has committed.
    const { rows } = await tx.query<{ is_empty: boolean }>(IS_EMPTY);
    if (rows[0]?.is_empty !== true) return 0;
    const authorId = await this.users.createWithoutPassword(tx, AUTHOR, 'Inkwell');
    const newest = Date.now();
    // Imported here, because it runs once in the life of a database and servers need no YAML parser otherwise.
    const { readSamplePosts } = await import('./sample-posts.js');
    const posts = readSamplePosts().map((post, index) =>
      imported(post, authorId, new Date(newest - index * HOURS_BETWEEN_POSTS * HOUR_MS)),
    );
    return (await this.posts.importBatch(tx, posts)).length;
  }
}

const imported = (post: SamplePost, authorId: number, date: Date): ImportedPost => ({
  sourceKey: `welcome:${post.slug}`,
  title: post.title,
  slug: post.slug,
  content: post.content,
  contentFormat: 'markdown',
  authorId,
  categoryName: post.category,
  tags: post.tags,
  status: 'published',
  createdAt: date,
  updatedAt: date,
  formerPaths: [],
});
