import { Injectable } from '@nestjs/common';
import { TransactionRunner } from '../platform/outbox/transaction-runner.js';
import { UsersService } from '../users/users.service.js';
import type { ImportReport } from './import-report.js';
import { type ImportOptions, ImportService } from './import.service.js';
import { syntheticAuthor, syntheticBlog } from './synthetic-blog.js';

/** Authors per transaction. */
const BATCH = 500;

/** Fills a database with synthetic people and posts, which are always the same. */
@Injectable()
export class SeedService {
  constructor(
    private readonly users: UsersService,
    private readonly imports: ImportService,
    private readonly transactions: TransactionRunner,
  ) {}

  /** A second run adds what is missing: from 100 posts to 150, it adds fifty. */
  async run(users: number, posts: number, options: ImportOptions = {}): Promise<ImportReport> {
    for (let first = 1; first <= users; first += BATCH) {
      await this.makeAuthors(first, Math.min(users, first + BATCH - 1));
    }
    return this.imports.run(syntheticBlog(users, posts), options);
  }

  private makeAuthors(first: number, last: number): Promise<void> {
    return this.transactions.run(async (tx) => {
      for (let number = first; number <= last; number += 1) {
        const { name, displayName } = syntheticAuthor(number);
        await this.users.createWithoutPassword(tx, name, displayName);
      }
    });
  }
}
