import type { Pool } from 'pg';
import type { CostlyReads } from '../platform/database/costly-reads.js';
import type { Transaction } from '../platform/outbox/transaction-runner.js';
import type { KnownNames, UsersDirectory } from '../users/users-directory.service.js';
import { type CategoryAndAuthor, type Placed, readCategory } from './category-and-author.js';
import { DELETED_AUTHOR } from './post.entity.js';
import { authorsOf, type PostPageRow } from './page-statement.js';
import type { PostList } from './post-list.js';
import {
  ADMINISTRATOR,
  type FoundPostRow,
  PostsQueries,
  postStatement,
  type Viewer,
} from './posts.queries.js';

/** A JSON object with an author's id in place of the user name, and without a display name. */
interface AuthorlessItem {
  author: number | string | null;
  author_display_name: string | null;
}

/**
 * Reads posts where another process serves the accounts. It asks that process for the names rather than reading its
 * tables. The names become inputs of the answer.
 */
export class PostsOfRemoteAuthors extends PostsQueries {
  constructor(
    pool: Pool,
    costly: CostlyReads,
    private readonly directory: UsersDirectory,
  ) {
    super(pool, costly);
  }

  override async page(list: PostList): Promise<PostPageRow> {
    const author = list.author === undefined ? undefined : await this.directory.idOf(list.author);
    const authorId = author === undefined ? undefined : author.value;
    const row = await this.readPage({ ...list, authorId }, 'remote');
    const { names, inputs } = await this.directory.names(authorsOf(row));
    const items = (JSON.parse(row.body) as AuthorlessItem[]).map((item) => named(item, names));
    const all = author === undefined ? inputs : [author.provenance, ...inputs];
    return { ...row, body: JSON.stringify(items), inputs: all };
  }

  override async find(reference: number | string, viewer: Viewer): Promise<FoundPostRow> {
    const { rows } = await this.pool.query<FoundPostRow>(postStatement(reference, viewer, 'remote'));
    return this.complete(rows[0]!);
  }

  override async findWritten(tx: Transaction, id: number): Promise<FoundPostRow> {
    const statement = postStatement(id, ADMINISTRATOR, 'remote');
    return this.complete((await tx.queryPrepared<FoundPostRow>(statement)).rows[0]!);
  }

  override async categoryAndAuthor(
    tx: Transaction,
    { categoryId, authorId }: Placed,
  ): Promise<CategoryAndAuthor> {
    const category = await readCategory(tx, categoryId);
    if (authorId === null) return { category, author: null };
    const { names } = await this.directory.names([authorId]);
    return { category, author: names.get(authorId)?.username ?? null };
  }

  private async complete(row: FoundPostRow): Promise<FoundPostRow> {
    if (row.id === null) return row;
    const { names, inputs } = await this.directory.names(row.author_id === null ? [] : [row.author_id]);
    return { ...row, body: JSON.stringify(named(JSON.parse(row.body) as AuthorlessItem, names)), inputs };
  }
}

function named(item: AuthorlessItem, names: KnownNames['names']): AuthorlessItem {
  const { username, displayName } = names.get(Number(item.author)) ?? {
    username: DELETED_AUTHOR,
    displayName: DELETED_AUTHOR,
  };
  return { ...item, author: username, author_display_name: displayName };
}
