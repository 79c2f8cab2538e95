import type { Pool } from 'pg';
import type { Transaction } from '../platform/database/transaction-runner.js';
import type { UsersDirectory } from '../users/users-directory.service.js';
import {
  authorsOf,
  type FoundPostRow,
  pageStatement,
  type PostList,
  type PostPageRow,
  PostsQueries,
  postStatement,
  type Viewer,
} from './posts.queries.js';

const DELETED = '[deleted]';

/** A JSON object that has an author's id where its name belongs. */
interface Unnamed {
  author: number | string | null;
}

/**
 * Posts where accounts are served by another process: its tables are not read, it is asked for the names. What it said
 * goes with the answer as an input.
 */
export class PostsOfAskedAuthors extends PostsQueries {
  constructor(
    pool: Pool,
    private readonly directory: UsersDirectory,
  ) {
    super(pool);
  }

  override async page(list: PostList): Promise<PostPageRow> {
    const author = list.author === undefined ? undefined : await this.directory.idOf(list.author);
    const authorId = author === undefined ? undefined : author.value;
    const { rows } = await this.pool.query<PostPageRow>(pageStatement({ ...list, authorId }, 'asked'));
    const row = rows[0]!;
    const { names, inputs } = await this.directory.names(authorsOf(row));
    const items = (JSON.parse(row.body) as Unnamed[]).map((item) => named(item, names));
    const all = author === undefined ? inputs : [author.provenance, ...inputs];
    return { ...row, body: JSON.stringify(items), inputs: all };
  }

  override async find(reference: number | string, viewer: Viewer): Promise<FoundPostRow> {
    const { rows } = await this.pool.query<FoundPostRow>(postStatement(reference, viewer, 'asked'));
    return this.complete(rows[0]!);
  }

  override async findWritten(tx: Transaction, id: number): Promise<FoundPostRow> {
    const { text, values } = postStatement(id, { userId: null, isAdmin: true }, 'asked');
    return this.complete((await tx.query<FoundPostRow>(text, values)).rows[0]!);
  }

  override async authorName(_tx: Transaction, authorId: number | null): Promise<string | null> {
    if (authorId === null) return null;
    return (await this.directory.names([authorId])).names.get(authorId) ?? null;
  }

  private async complete(row: FoundPostRow): Promise<FoundPostRow> {
    if (row.id === null) return row;
    const { names, inputs } = await this.directory.names(row.author_id === null ? [] : [row.author_id]);
    return { ...row, body: JSON.stringify(named(JSON.parse(row.body) as Unnamed, names)), inputs };
  }
}

function named(item: Unnamed, names: ReadonlyMap<number, string>): Unnamed {
  return { ...item, author: names.get(Number(item.author)) ?? DELETED };
}
