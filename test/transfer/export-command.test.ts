import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BlogFolder } from '../support/blogs/generated-blog.js';
import { hugoBlog } from '../support/blogs/hugo-blog.js';
import { wordpressBlog } from '../support/blogs/wordpress-blog.js';
import { type Finished, runInkwell } from '../support/run-inkwell.js';
import { storedPosts } from '../support/stored-posts.js';
import { createTestDatabase, query } from '../support/test-database.js';

type Database = Awaited<ReturnType<typeof createTestDatabase>>;

const run = ({ url }: Database, ...words: string[]): Promise<Finished> =>
  runInkwell(words, { DATABASE_URL: url });

const filesOf = (folder: string): Record<string, string> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));

/**
 * Everything about a post in pages and answers, except its number and version. Without the one post that is changed
 * below in the database, which Inkwell has not rendered.
 */
const SHOWN = `
  SELECT p.slug, p.title, p.content, p.content_html, p.excerpt, p.custom_excerpt, p.tags, p.tag_slugs,
    p.status, p.created_at, p.updated_at, u.username, u.display_name, c.name, c.slug AS category_slug, c.color, p.search::text,
    ARRAY(SELECT slug FROM former_slugs WHERE post_id = p.id ORDER BY slug) AS former_slugs,
    ARRAY(SELECT path FROM former_addresses WHERE post_id = p.id ORDER BY path) AS former_paths
  FROM posts p JOIN categories c ON c.id = p.category_id LEFT JOIN users u ON u.id = p.author_id
  WHERE p.title NOT LIKE '---%' ORDER BY p.slug`;

describe('inkwell export', () => {
  const [first, second] = [new BlogFolder(), new BlogFolder()];
  const blogs = [hugoBlog(120), wordpressBlog(120)];
  let here: Database;
  let elsewhere: Database;

  beforeAll(async () => {
    here = await createTestDatabase();
    elsewhere = await createTestDatabase();
    for (const { path } of blogs) await run(here, 'import', path);
    // Things that an import alone does not create: a former slug, a deleted author, text that looks like front matter.
    await query(
      here.url,
      `INSERT INTO former_slugs (slug, post_id) SELECT 'former-' || id, id FROM posts WHERE id % 50 = 0;
       DELETE FROM users WHERE username = 'chulsoo';
       UPDATE posts SET custom_excerpt = E'By: "hand"\\nof # ' || id WHERE id % 3 = 0;
       UPDATE posts SET title = E'--- "quoted": #1\\ttab', content = E'---\\ntitle: no\\n---\\r\\n\\n' WHERE id = 7`,
    );
  }, 60_000);
  afterAll(async () => {
    for (const { remove } of [first, second, ...blogs]) remove();
    await here.drop();
    await elsewhere.drop();
  });

  it('writes a file for every post, drafts too', async () => {
    expect(await run(here, 'export', first.path)).toEqual({
      code: 0,
      stdout: `240 posts written to ${first.path}\n`,
      stderr: '',
    });
    const slugs = (await storedPosts(here.url)).map(({ slug }) => `${slug}.md`);
    expect(readdirSync(first.path).sort()).toEqual(slugs.sort());
  });

  it('is read back into an empty database, and exported from there to the same bytes', async () => {
    const { code, stdout } = await run(elsewhere, 'import', first.path);
    expect(code).toBe(0);
    expect(stdout).toContain(': 240 posts imported (16 drafts), 0 unchanged, 0 broken, 0 left out\n');
    await run(elsewhere, 'export', second.path);
    expect(filesOf(second.path)).toEqual(filesOf(first.path));
    expect(await query(elsewhere.url, 'SELECT count(*)::integer AS count FROM former_slugs')).toEqual([
      { count: 4 },
    ]);
  });

  it('loses nothing that a reader sees', async () => {
    const shown = await query(here.url, SHOWN);
    expect(shown.length).toBe(239);
    expect(await query(elsewhere.url, SHOWN)).toEqual(shown);
  });

  it('changes nothing when it is imported where it came from', async () => {
    const before = await storedPosts(here.url);
    const { code, stdout } = await run(here, 'import', first.path);
    expect(code).toBe(0);
    expect(stdout).toContain(': 0 posts imported (0 drafts), 240 unchanged, 0 broken');
    expect(await storedPosts(here.url)).toEqual(before);
  });

  it('brings back from a backup what was lost since', async () => {
    const [lost] = await query<{ slug: string }>(here.url, 'DELETE FROM posts WHERE id = 9 RETURNING slug');
    const { stdout } = await run(here, 'import', first.path);
    expect(stdout).toContain(': 1 post imported (0 drafts), 239 unchanged, 0 broken');
    expect((await storedPosts(here.url)).at(-1)?.slug).toBe(lost?.slug);
  });

  it('refuses a folder that is not empty, unless it is forced', async () => {
    const name = readdirSync(second.path)[0]!;
    writeFileSync(join(second.path, name), 'something else');
    const refused = await run(elsewhere, 'export', second.path);
    expect(refused).toEqual({
      code: 1,
      stdout: '',
      stderr: `${second.path} is not empty: choose another folder, or add --force\n`,
    });
    expect(readFileSync(join(second.path, name), 'utf8')).toBe('something else');
    expect((await run(elsewhere, 'export', second.path, '--force')).code).toBe(0);
    expect(filesOf(second.path)).toEqual(filesOf(first.path));
  });

  it('makes the folder when there is none', async () => {
    const folder = join(second.path, 'a/b');
    expect((await run(elsewhere, 'export', folder)).code).toBe(0);
    expect(readdirSync(folder)).toHaveLength(240);
    rmSync(folder, { recursive: true });
  });
});
