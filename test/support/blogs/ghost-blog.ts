import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { slugify } from '../../../src/platform/slugs/slugify.js';
import { type Article, articles, blockHtml, escapeHtml } from './articles.js';
import { BlogFolder, type ExpectedPost, type GeneratedBlog } from './generated-blog.js';

/** 24 hexadecimal digits, like Ghost's ids. */
const idOf = (kind: string, key: string | number): string =>
  createHash('sha256').update(`${kind} ${key}`).digest('hex').slice(0, 24);
const uuidOf = (key: number): string =>
  idOf('uuid', key).replace(/^(.{8})(.{4})(.{4})(.{4})(.*)$/, '$1-$2-$3-$4-$50');

/** Ghost has no categories. The first tag is the primary one. */
const tagNames = (article: Article): string[] => [article.category, ...article.tags];

const textOf = (article: Article): string => (article.blocks[0] as { text: string }).text;

/** A draft that was never previewed has no HTML. */
const lexicalOf = (article: Article): string =>
  JSON.stringify({
    root: {
      type: 'root',
      version: 1,
      children: [
        {
          type: 'paragraph',
          version: 1,
          children: [{ type: 'extended-text', text: textOf(article), format: 0 }],
        },
      ],
    },
  });

const postRow = (article: Article): object => ({
  id: idOf('post', article.number),
  uuid: uuidOf(article.number),
  title: article.title,
  slug: slugify(article.title),
  mobiledoc: null,
  lexical: lexicalOf(article),
  html: article.isDraft ? null : article.blocks.map(blockHtml).join(''),
  comment_id: idOf('post', article.number),
  plaintext: textOf(article),
  feature_image: article.number % 4 === 0 ? '__GHOST_URL__/content/images/2020/01/a.jpg' : null,
  featured: 0,
  type: 'post',
  status: article.isDraft ? 'draft' : 'published',
  locale: null,
  visibility: 'public',
  email_recipient_filter: 'all',
  created_at: article.date.toISOString(),
  updated_at: article.updated.toISOString(),
  published_at: article.isDraft ? null : article.date.toISOString(),
  custom_excerpt: null,
  codeinjection_head: null,
  codeinjection_foot: null,
  custom_template: null,
  canonical_url: null,
  newsletter_id: null,
  show_title_and_feature_image: 1,
});

function expected(article: Article): ExpectedPost {
  return {
    title: article.title,
    slug: slugify(article.title),
    author: slugify(article.author.name),
    category: article.category,
    tags: tagNames(article),
    status: article.isDraft ? 'draft' : 'published',
    createdAt: article.date,
    updatedAt: article.updated,
    paths: [`/${slugify(article.title)}`],
    text: `<p>${escapeHtml(textOf(article))}</p>`,
  };
}

function tables(written: readonly Article[]): Record<string, object[]> {
  const names = [...new Set(written.flatMap(tagNames))];
  const writers = [...new Map(written.map(({ author }) => [author.login, author])).values()];
  const page = {
    ...postRow(written[0]!),
    id: idOf('post', 0),
    uuid: uuidOf(0),
    title: 'About',
    slug: 'about',
    type: 'page',
  };
  return {
    posts: [page, ...written.map(postRow)],
    tags: [
      ...names.map((name) => ({ id: idOf('tag', name), name, slug: slugify(name), visibility: 'public' })),
      { id: idOf('tag', '#theme'), name: '#theme', slug: 'hash-theme', visibility: 'internal' },
    ],
    posts_tags: written.flatMap((article) => [
      // Out of order, as table rows may be.
      ...tagNames(article)
        .map((name, order) => ({
          post_id: idOf('post', article.number),
          tag_id: idOf('tag', name),
          sort_order: order,
        }))
        .toReversed(),
      ...(article.number % 20 === 0
        ? [{ post_id: idOf('post', article.number), tag_id: idOf('tag', '#theme'), sort_order: 9 }]
        : []),
    ]),
    users: writers.map(({ login, name }) => ({
      id: idOf('user', login),
      name,
      slug: slugify(name),
      email: `${login}@example.com`,
    })),
    posts_authors: written.map(({ number, author }) => ({
      post_id: idOf('post', number),
      author_id: idOf('user', author.login),
      sort_order: 0,
    })),
    posts_meta: [{ id: idOf('meta', 1), post_id: idOf('post', 1), meta_title: 'For search engines' }],
    settings: [{ key: 'title', value: 'A Ghost blog' }],
  };
}

const ghostJson = (data: Record<string, object[]>): string =>
  JSON.stringify({ db: [{ meta: { exported_on: 1_716_196_502_000, version: '5.82.2' }, data }] });

/** A Ghost 5 export ("Settings → Export"). */
export function ghostBlog(count: number): GeneratedBlog {
  const folder = new BlogFolder();
  const written = articles(count);
  folder.write('blog.ghost.2024-05-20.json', ghostJson(tables(written)));
  return {
    path: join(folder.path, 'blog.ghost.2024-05-20.json'),
    posts: written.map(expected),
    leftOut: { 'Ghost page': 1 },
    remove: folder.remove,
  };
}
