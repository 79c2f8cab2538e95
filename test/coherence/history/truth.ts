import { marksIn } from './marks.js';

/** A row that shows the version of something. */
export interface Row {
  readonly table: 'users' | 'posts';
  readonly id: number;
}

export type Query = <R extends object>(sql: string) => Promise<R[]>;

interface Shown {
  readonly table: Row['table'];
  readonly id: number;
  readonly text: string;
}

/** In one statement, so that everything is from one moment. */
const EVERYTHING = `
  SELECT 'users' AS table, id, display_name AS text FROM users
  UNION ALL SELECT 'posts', id, title FROM posts`;

/** The versions in a database: 0 for a missing row, or one that was never written to. */
export async function versionsIn(query: Query): Promise<(row: Row) => number> {
  const rows = await query<Shown>(EVERYTHING);
  const versions = new Map(
    rows.map(({ table, id, text }) => [`${table} ${id}`, marksIn(Buffer.from(text))[0]?.version ?? 0]),
  );
  return ({ table, id }) => versions.get(`${table} ${id}`) ?? 0;
}
