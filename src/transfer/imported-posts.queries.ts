import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { Pool } from 'pg';
import type { Transaction } from '../platform/outbox/transaction-runner.js';
import type { SourcePost } from './source.js';

/** Keys are indexed, and a path may be longer than an index entry. */
const KEY_MAX = 500;

const REMEMBER = `
  UPDATE imported_posts SET fingerprint = given.fingerprint
  FROM unnest($1::text[], $2::text[]) AS given (key, fingerprint) WHERE source_key = given.key`;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');

export const sourceKeyOf = ({ key }: SourcePost): string =>
  key.length <= KEY_MAX ? key : `${key.slice(0, KEY_MAX - 50)}…${sha256(key)}`;

export const fingerprintOf = ({ written }: SourcePost): string => sha256(written);

/** The posts of earlier imports, from the table `imported_posts`. */
@Injectable()
export class ImportedPostsQueries {
  constructor(private readonly pool: Pool) {}

  /** @returns fingerprints by source key, for posts that were imported before */
  async fingerprints(posts: readonly SourcePost[]): Promise<Map<string, string | null>> {
    const { rows } = await this.pool.query<{ source_key: string; fingerprint: string | null }>(
      'SELECT source_key, fingerprint FROM imported_posts WHERE source_key = ANY($1)',
      [posts.map(sourceKeyOf)],
    );
    return new Map(rows.map((row) => [row.source_key, row.fingerprint]));
  }

  /** Posts of an Inkwell export that still exist here. Importing an export where it came from changes nothing. */
  async stillHere(posts: readonly SourcePost[]): Promise<Set<SourcePost>> {
    const ours = posts.filter((post) => post.isExportOfOurs === true);
    if (ours.length === 0) return new Set();
    const { rows } = await this.pool.query<{ slug: string; created_at: Date }>(
      'SELECT slug, created_at FROM posts WHERE slug = ANY($1)',
      [ours.map((post) => post.slug)],
    );
    const createdAt = new Map(rows.map((row) => [row.slug, row.created_at.getTime()]));
    return new Set(ours.filter((post) => createdAt.get(post.slug) === post.createdAt.getTime()));
  }

  async remember(tx: Transaction, posts: readonly SourcePost[]): Promise<void> {
    await tx.query(REMEMBER, [posts.map(sourceKeyOf), posts.map(fingerprintOf)]);
  }
}
