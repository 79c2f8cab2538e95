import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import type { Provenance } from '../platform/coherence/coherence.js';
import { CostlyReads } from '../platform/database/costly-reads.js';
import type { Transaction } from '../platform/outbox/transaction-runner.js';
import { type CategoryAndAuthor, type Placed, readCategoryAndAuthor } from './category-and-author.js';
import { type PostPageRow, pageStatement, type Statement } from './page-statement.js';
import { AUTHORS, type AuthorSource, CATEGORY, EXCERPT, FROM_AUTHOR, TIMES } from './post-columns.js';
import { isCostlyList, type PostList } from './post-list.js';

/** The reader. Drafts are visible to their author and to administrators. */
export interface Viewer {
  readonly userId: number | null;
  readonly isAdmin: boolean;
}

export const ANYBODY: Viewer = { userId: null, isAdmin: false };

export interface FoundPostRow {
  /** If there is no such post, everything except `snapshot` is null. */
  readonly id: number | null;
  /** Differs from the requested slug if that is a former one. */
  readonly slug: string;
  readonly version: number;
  readonly is_public: boolean;
  readonly author_id: number | null;
  readonly category_id: number;
  /** A JSON object. */
  readonly body: string;
  readonly snapshot: string;
  /** Provenance of the names that another process returned. */
  readonly inputs?: readonly Provenance[];
}

export interface FormerAddressRow {
  /** Null if no post had this path. */
  readonly post_id: number | null;
  /** Null if the post is not published. */
  readonly slug: string | null;
  readonly snapshot: string;
}

export const ADMINISTRATOR: Viewer = { userId: null, isAdmin: true };

const FORMER_ADDRESS = `
  SELECT f.post_id, p.slug, pg_current_snapshot()::text AS snapshot
  FROM (VALUES (1)) AS always LEFT JOIN former_addresses f ON f.path = $1
    LEFT JOIN posts p ON p.id = f.post_id AND p.status = 'published'`;

type NamedStatement = Statement & { readonly name: string };

/** @param reference an id, or a current or former slug; a post with the current slug takes precedence */
export function postStatement(
  reference: number | string,
  viewer: Viewer,
  source: AuthorSource = 'joined',
): NamedStatement {
  const isId = typeof reference === 'number';
  const isRequested = isId
    ? `p.id = $1`
    : `(p.slug = $1 OR p.id = (SELECT f.post_id FROM former_slugs f WHERE f.slug = $1))`;
  const text = `
    WITH found AS MATERIALIZED (
      SELECT p.* FROM posts p
      WHERE ${isRequested} AND (p.status = 'published' OR p.author_id = $2::integer OR $3::boolean)
      ${isId ? '' : 'ORDER BY p.slug = $1 DESC LIMIT 1'}
    )
    SELECT p.id, p.slug, p.version, p.author_id, p.category_id, p.status = 'published' AS is_public,
      (SELECT row_to_json(post)::text FROM (
        SELECT p.id, p.slug, p.title, p.content, p.content_html, ${EXCERPT}, ${AUTHORS[source]}, ${CATEGORY}, p.tags, p.status, ${TIMES}
        ${FROM_AUTHOR[source]}
      ) AS post) AS body,
      pg_current_snapshot()::text AS snapshot
    FROM (VALUES (1)) AS always LEFT JOIN found p ON true
      LEFT JOIN categories c ON c.id = p.category_id`;
  const values = [reference, viewer.userId, viewer.isAdmin];
  return { name: `post by ${isId ? 'id' : 'slug'} ${source}`, text, values };
}

/** The hot reads, in one statement each. PostgreSQL builds the JSON, and the snapshot tells its age. */
@Injectable()
export class PostsQueries {
  constructor(
    protected readonly pool: Pool,
    private readonly costly: CostlyReads,
  ) {}

  page(list: PostList): Promise<PostPageRow> {
    return this.readPage(list, 'joined');
  }

  protected async readPage(list: PostList, source: AuthorSource): Promise<PostPageRow> {
    const statement = pageStatement(list, source);
    const { rows } = isCostlyList(list)
      ? await this.costly.query<PostPageRow>(statement)
      : await this.pool.query<PostPageRow>(statement);
    return rows[0]!;
  }

  async find(reference: number | string, viewer: Viewer): Promise<FoundPostRow> {
    const { rows } = await this.pool.query<FoundPostRow>(postStatement(reference, viewer));
    return rows[0]!;
  }

  /** A post as an administrator sees it, in the transaction that wrote it. */
  async findWritten(tx: Transaction, id: number): Promise<FoundPostRow> {
    return (await tx.queryPrepared<FoundPostRow>(postStatement(id, ADMINISTRATOR))).rows[0]!;
  }

  /** For a locked post. Must be a statement after the lock, which may have waited for a change of these names. */
  categoryAndAuthor(tx: Transaction, post: Placed): Promise<CategoryAndAuthor> {
    return readCategoryAndAuthor(tx, post);
  }

  /** @param path of the post in the system it was imported from */
  async findFormerAddress(path: string): Promise<FormerAddressRow> {
    const { rows } = await this.pool.query<FormerAddressRow>({
      name: 'former address',
      text: FORMER_ADDRESS,
      values: [path],
    });
    return rows[0]!;
  }
}
