import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Client, Pool } from 'pg';
import { pageStatement, type Statement } from '../../src/blog/page-statement.js';
import type { AuthorSource } from '../../src/blog/post-columns.js';
import { POST_STATUSES } from '../../src/blog/post.entity.js';
import { POST_SORTS, type PostList } from '../../src/blog/post-list.js';
import { ANYBODY, postStatement } from '../../src/blog/posts.queries.js';
import { tagsStatement } from '../../src/blog/tags.queries.js';
import { registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { POSTS } from './posts.js';

const POST_COUNT = 20_000;
const LIMIT = 20;

/** Where another process serves accounts, names are not read, and authors are selected by id. */
const isSplit = process.env['INKWELL_SHAPE'] === 'split';
const SOURCE: AuthorSource = isSplit ? 'remote' : 'joined';
const IDS: Readonly<Record<string, number>> = { ada: 1, eve: 2, lone: 3 };
const withAuthorId = (list: Omit<PostList, 'limit'>): Omit<PostList, 'limit'> =>
  isSplit && list.author !== undefined ? { ...list, authorId: IDS[list.author]! } : list;

let inkwell: Inkwell;
beforeAll(async () => {
  inkwell = await startInkwell();
  for (const name of ['ada', 'eve', 'lone']) await registerAndLogin(inkwell, name);
  await query(
    inkwell,
    `INSERT INTO categories (name, slug, color) SELECT 'C' || n, 'c' || n, '#000000' FROM generate_series(1, 10) AS n`,
  );
  await query(
    inkwell,
    `INSERT INTO users (username, role) SELECT 'many-' || n, 'author' FROM generate_series(1, 2000) AS n`,
  );
  // Every 20th is a draft, and every 1,000th has a rare tag. Ten posts share each numbered tag. Words and dates are spread over all of them.
  await query(
    inkwell,
    `INSERT INTO posts (slug, title, content, content_html, excerpt, author_id, category_id, tags, tag_slugs, status,
       was_published, search, created_at)
     SELECT 'post-number-' || n, 'Post ' || n, repeat('word ', 200), repeat('word ', 200), 'word', CASE n WHEN 7 THEN 3 ELSE 1 + n % 2 END, CASE n WHEN 7 THEN 2 ELSE 3 + n % 9 END,
       tags, tags, CASE n % 20 WHEN 0 THEN 'draft' ELSE 'published' END, n % 20 <> 0,
       array_to_tsvector(ARRAY['word', 'rare' || n % 5000 || 'x']), timestamptz '2020-01-01' + n * interval '1 minute'
     FROM generate_series(1, $1) AS n, LATERAL (SELECT ARRAY['common', 'n' || n % 2000] || CASE n % 1000 WHEN 1 THEN '{rare}' ELSE '{}' END::text[] AS tags) AS t`,
    [POST_COUNT],
  );
  await query(inkwell, 'VACUUM ANALYZE');
});
afterAll(() => inkwell.close());

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  Plans?: Plan[];
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/**
 * @param mode `force_custom_plan` for the first executions, `force_generic_plan` for what PostgreSQL may choose later
 */
async function explain({ text, values }: Statement, mode: string): Promise<Plan[]> {
  const client = new Client({ connectionString: inkwell.databaseUrl });
  await client.connect();
  try {
    await client.query(`SET plan_cache_mode = ${mode}`);
    await client.query(`PREPARE planned AS ${text}`);
    const literals = values.map((value) =>
      value === null ? 'NULL' : client.escapeLiteral(String(value as string | number)),
    );
    const execute = literals.length === 0 ? 'planned' : `planned (${literals.join(', ')})`;
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE ${execute}`,
    );
    return nodesOf(rows[0]!['QUERY PLAN'][0].Plan);
  } finally {
    await client.end();
  }
}

const modesOf = (statement: Statement) =>
  statement.name === undefined ? ['force_custom_plan'] : ['force_custom_plan', 'force_generic_plan'];

/** Rows of a table that a plan has read. */
const rowsRead = (plan: Plan[], table = 'posts'): number =>
  plan
    .filter((node) => node['Relation Name'] === table)
    .reduce((sum, node) => sum + node['Actual Rows'] * node['Actual Loops'], 0);
const indexesOf = (plan: Plan[]): string[] =>
  plan
    .map((node) => node['Index Name'])
    .filter((name): name is string => name?.startsWith('idx_posts') ?? false);

const deep = { key: Date.parse('2020-01-08T00:00:00Z'), id: 10_000 };

describe('the plan of', () => {
  it.each<[string, Omit<PostList, 'limit'>, string]>([
    ['the newest posts', {}, 'idx_posts_created'],
    ['a deep page', { after: deep }, 'idx_posts_created'],
    ['a category', { category: 'c3' }, 'idx_posts_category_created'],
    ['a deep page of a category', { category: 'c3', after: deep }, 'idx_posts_category_created'],
    ['an author', { author: 'eve' }, 'idx_posts_author_created'],
    ['a deep page of an author', { author: 'eve', after: deep }, 'idx_posts_author_created'],
    ['a category of one post', { category: 'c1' }, 'idx_posts_category_created'],
    ['an author of one post', { author: 'lone' }, 'idx_posts_author_created'],
    ['a tag that most posts have', { tag: 'common' }, 'idx_posts_created'],
    ['a deep page of such a tag', { tag: 'common', after: deep }, 'idx_posts_created'],
    ['a tag that few posts have', { tag: 'rare' }, 'idx_posts_tag_slugs'],
    ['a deep page of such a tag', { tag: 'rare', after: deep }, 'idx_posts_tag_slugs'],
    ['a word that few posts have', { q: 'rare42x' }, 'idx_posts_search'],
  ])('%s reads by an index what it shows, and sorts nothing else', async (_, list, index) => {
    const statement = pageStatement({ ...withAuthorId(list), limit: LIMIT }, SOURCE);
    for (const mode of modesOf(statement)) {
      const plan = await explain(statement, mode);
      expect(
        plan.filter((node) => node['Node Type'] === 'Seq Scan' && node['Relation Name'] === 'posts'),
      ).toEqual([]);
      expect(indexesOf(plan)).toEqual([index]);
      expect(rowsRead(plan)).toBeLessThanOrEqual(2 * (LIMIT + 1));
      expect(rowsRead(plan, 'users')).toBeLessThanOrEqual(LIMIT + 2);
    }
  });

  it('all drafts reads drafts only, once for the page and once for their number', async () => {
    const statement = pageStatement({ writer: { authorId: null, status: 'draft' }, limit: LIMIT }, SOURCE);
    const plan = await explain(statement, 'force_custom_plan');
    expect(indexesOf(plan)).toEqual(['idx_posts_drafts', 'idx_posts_drafts']);
    expect(rowsRead(plan)).toBeLessThanOrEqual(POST_COUNT / 20 + LIMIT + 1);
  });

  it.each(POST_STATUSES)("an author's own %s posts reads no other author's", async (status) => {
    for (const [authorId, own] of [
      [1, POST_COUNT / 2],
      [3, 1],
    ] as const) {
      for (const sort of POST_SORTS) {
        const statement = pageStatement({ writer: { authorId, status, sort }, limit: LIMIT }, SOURCE);
        const plan = await explain(statement, 'force_custom_plan');
        expect(rowsRead(plan)).toBeLessThanOrEqual(2 * own + LIMIT + 1);
      }
    }
  });

  it.each([
    ['an id', 777],
    ['a slug', 'post-number-777'],
    ['no slug', 'nothing'],
  ])('%s reads one post', async (_, reference) => {
    const statement = postStatement(reference, ANYBODY, SOURCE);
    for (const mode of modesOf(statement)) {
      const plan = await explain(statement, mode);
      expect(
        plan.filter((node) => node['Node Type'] === 'Seq Scan' && node['Relation Name'] === 'posts'),
      ).toEqual([]);
      expect(rowsRead(plan)).toBeLessThanOrEqual(2);
    }
  });
});

describe('the plan of the tags', () => {
  it.each([
    ['the first page of numbered tags', { after: 'n' }],
    ['a page in the middle', { after: 'n1500' }],
    ['a prefix', { prefix: 'n19' }],
    ['a prefix that nothing has', { prefix: 'x' }],
  ])('%s reads by an index the rows of the tags that it shows', async (_, list) => {
    const plan = await explain(tagsStatement({ ...list, limit: LIMIT }), 'force_custom_plan');
    expect(plan.filter((node) => node['Node Type'] === 'Seq Scan')).toEqual([]);
    // Ten posts a tag, read once to count them, and one of them for the spelling.
    expect(rowsRead(plan, 'post_tags')).toBeLessThanOrEqual((LIMIT + 2) * 11);
    expect(rowsRead(plan, 'posts')).toBe(0);
  });
});

describe('GET /blog/api/posts', () => {
  /** Every statement of any node-postgres client. */
  const sent: string[] = [];
  const send = Client.prototype.query as (this: Client, ...args: unknown[]) => unknown;
  beforeAll(() => {
    jest.spyOn(Client.prototype, 'query').mockImplementation(function (this: Client, ...args: unknown[]) {
      const [first] = args as [string | { text: string }];
      const text = typeof first === 'string' ? first : first.text;
      // Every second, something looks for uploads to import.
      if (!text.includes('import_jobs')) sent.push(text);
      return send.apply(this, args) as never;
    });
  });
  afterAll(() => {
    jest.restoreAllMocks();
  });

  /** In the split shape, the other side reads accounts: the id of a requested author, and names for a whole page. */
  const queries = () => ({
    posts: sent.filter((text) => /\b(posts|categories|post_tags)\b/.test(text)).length,
    onlyUsers: sent.filter((text) => /\busers\b/.test(text) && !/\b(posts|categories)\b/.test(text)).length,
  });

  it.each(['', '&category=c3', '&author=eve', '&tag=common', '&q=word', '&offset=500'])(
    'sends one query for a page of 1 and one for a page of 100 (%s)',
    async (filter) => {
      for (const limit of [1, 100]) {
        sent.length = 0;
        const { body } = await api(inkwell).get<unknown[]>(`${POSTS}?limit=${limit}${filter}`);
        expect(body).toHaveLength(limit);
        expect(queries().posts).toBe(1);
        expect(queries().onlyUsers).toBeLessThanOrEqual(isSplit ? 2 : 0);
      }
    },
  );

  it.each([
    `${POSTS}/777`,
    `${POSTS}/post-number-778`,
    `${POSTS}/no-such-post`,
    '/blog/api/categories',
    '/blog/api/tags',
  ])('sends one query for %s', async (path) => {
    sent.length = 0;
    await api(inkwell).get(path);
    expect(queries().posts).toBe(1);
    expect(queries().onlyUsers).toBeLessThanOrEqual(isSplit ? 2 : 0);
  });

  it('has the lists that are asked for most prepared, and plans them no more', async () => {
    const client = await inkwell.appOf(POSTS).get(Pool).connect();
    for (let times = 0; times < 8; times += 1) await client.query(pageStatement({ limit: LIMIT }, SOURCE));
    const { rows } = await client.query<{ generic: boolean }>(
      `SELECT generic_plans > 0 AS generic FROM pg_prepared_statements WHERE name = $1`,
      [`posts page ${SOURCE} ${LIMIT} published`],
    );
    client.release();
    expect(rows).toEqual([{ generic: true }]);
  });

  it('prepares no list of a length that is seldom asked for', () => {
    expect(pageStatement({ limit: 17 }, SOURCE).name).toBeUndefined();
  });
});
