import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Remark } from '../../src/transfer/source.js';
import { astroBlog } from '../support/blogs/astro-blog.js';
import { eleventyBlog } from '../support/blogs/eleventy-blog.js';
import { BlogFolder, type ExpectedPost, type GeneratedBlog } from '../support/blogs/generated-blog.js';
import { ghostBlog } from '../support/blogs/ghost-blog.js';
import { hugoBlog } from '../support/blogs/hugo-blog.js';
import { jekyllBlog } from '../support/blogs/jekyll-blog.js';
import { wordpressBlog } from '../support/blogs/wordpress-blog.js';
import { type Finished, runInkwell } from '../support/run-inkwell.js';
import { type StoredPost, storedPosts } from '../support/stored-posts.js';
import { createTestDatabase, query } from '../support/test-database.js';

const COUNT = 140;

const BLOGS: readonly (readonly [string, (count: number) => GeneratedBlog])[] = [
  ['a Jekyll blog', jekyllBlog],
  ['a Hugo blog', hugoBlog],
  ['an Eleventy blog', eleventyBlog],
  ['an Astro blog', astroBlog],
  ['a WordPress export', wordpressBlog],
  ['a Ghost export', ghostBlog],
];

const asExpected = (post: StoredPost): Omit<ExpectedPost, 'text'> => ({
  title: post.title,
  slug: post.slug,
  author: post.author ?? '',
  category: post.category,
  tags: post.tags,
  status: post.status as 'draft' | 'published',
  createdAt: post.created_at,
  updatedAt: post.updated_at,
  paths: post.paths,
});

const bySlug = <T extends { readonly slug: string }>(posts: readonly T[]): T[] =>
  posts.toSorted((a, b) => (a.slug < b.slug ? -1 : 1));

describe.each(BLOGS)('inkwell import of %s with 140 posts', (_, generate) => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let blog: GeneratedBlog;
  let first: Finished;
  let remarks: Remark[];
  let stored: StoredPost[];
  const reports = new BlogFolder();

  beforeAll(async () => {
    database = await createTestDatabase();
    blog = generate(COUNT);
    const report = join(reports.path, 'report.json');
    first = await runInkwell(['import', blog.path, '--report', report], { DATABASE_URL: database.url });
    remarks = (JSON.parse(readFileSync(report, 'utf8')) as { remarks: Remark[] }).remarks;
    stored = await storedPosts(database.url);
  }, 60_000);
  afterAll(async () => {
    blog.remove();
    reports.remove();
    await database.drop();
  });

  it('says that all of them are in', () => {
    expect(first.code).toBe(0);
    expect(first.stdout).toContain(`: ${COUNT} posts imported (10 drafts), 0 unchanged, 0 broken`);
  });

  it('keeps titles, slugs, authors, categories, tags, drafts, dates and former addresses', () => {
    const expected = bySlug(blog.posts).map(({ text: _text, paths, ...post }) => ({
      ...post,
      paths: paths.toSorted(),
    }));
    expect(bySlug(stored).map(asExpected)).toEqual(expected);
  });

  it('keeps what was written', () => {
    const contents = new Map(stored.map((post) => [post.slug, post.content]));
    const missing = blog.posts.filter(({ slug, text }) => contents.get(slug)?.includes(text) !== true);
    expect(missing).toEqual([]);
  });

  it('lists what is no post, all of it', () => {
    const leftOut = remarks.filter(({ kind }) => kind === 'left out');
    const counts = Object.fromEntries(
      Array.from(
        Map.groupBy(leftOut, ({ what }) => what),
        ([what, group]) => [what, group.length],
      ),
    );
    expect(counts).toEqual(blog.leftOut);
  });

  it('makes one event of it, and accounts without passwords', async () => {
    const events = await query(database.url, `SELECT event FROM outbox WHERE event LIKE 'post%'`);
    expect(events).toEqual([{ event: 'posts.imported' }]);
    const users = await query(database.url, 'SELECT DISTINCT password_hash, email, role FROM users');
    expect(users).toEqual([{ password_hash: null, email: null, role: 'author' }]);
  });

  it('changes nothing when it is run again', async () => {
    const second = await runInkwell(['import', blog.path], { DATABASE_URL: database.url });
    expect(second.code).toBe(0);
    expect(second.stdout).toContain(`: 0 posts imported (0 drafts), ${COUNT} unchanged, 0 broken`);
    expect(await storedPosts(database.url)).toEqual(stored);
  });
});
