import { slugify } from '../../../src/platform/slugs/slugify.js';
import { type Article, articles, markdownOf } from './articles.js';
import { BlogFolder, type ExpectedPost, type GeneratedBlog } from './generated-blog.js';

const CONFIG = `baseURL = "https://example.org/"
languageCode = "en-us"
title = "A Hugo blog"
theme = "paper"

[params]
  author = "Jane Doe"

[permalinks]
  notes = "/:year/:month/:slug/"
`;

/** Every third post is a note with its own kind of address, and every fifth a bundle. */
const isNote = ({ number }: Article): boolean => number % 3 === 0;
const isBundle = ({ number }: Article): boolean => number % 5 === 0;

const toml = (article: Article): string =>
  [
    '+++',
    `title = ${JSON.stringify(article.title)}`,
    `date = ${article.date.toISOString()}`,
    `lastmod = ${article.updated.toISOString()}`,
    `draft = ${article.isDraft}`,
    `categories = [${JSON.stringify(article.category)}]`,
    `tags = ${JSON.stringify(article.tags)}`,
    `authors = [${JSON.stringify(article.author.login)}]`,
    `aliases = ["/archive/${article.number}/"]`,
    '+++',
  ].join('\n');

const yaml = (article: Article): string =>
  [
    '---',
    `title: ${JSON.stringify(article.title)}`,
    `date: ${article.date.toISOString()}`,
    `lastmod: ${article.updated.toISOString()}`,
    ...(article.isDraft ? ['draft: true'] : []),
    'categories:',
    `  - ${JSON.stringify(article.category)}`,
    ...(article.tags.length === 0
      ? []
      : ['tags:', ...article.tags.map((tag) => `  - ${JSON.stringify(tag)}`)]),
    `author: ${article.author.login}`,
    'aliases:',
    `  - /archive/${article.number}/`,
    '---',
  ].join('\n');

const json = (article: Article): string =>
  JSON.stringify(
    {
      title: article.title,
      date: article.date.toISOString(),
      lastmod: article.updated.toISOString(),
      draft: article.isDraft,
      categories: [article.category],
      tags: article.tags,
      author: article.author.login,
      aliases: [`/archive/${article.number}/`],
      ...(isNote(article) ? { slug: `note-${article.number}` } : {}),
    },
    undefined,
    2,
  );

function frontMatter(article: Article): string {
  if (isNote(article)) return json(article);
  return article.number % 2 === 0 ? toml(article) : yaml(article);
}

const slugOf = (article: Article): string => (isNote(article) ? `note-${article.number}` : article.slug);

function expected(article: Article): ExpectedPost {
  const { title, tags, date, updated, category, isDraft, author } = article;
  const month = date.toISOString().slice(0, 7).replace('-', '/');
  return {
    title,
    slug: slugify(slugOf(article)),
    author: author.login === 'zoe.muller' ? 'zoe-muller' : author.login,
    category,
    tags,
    status: isDraft ? 'draft' : 'published',
    createdAt: date,
    updatedAt: updated,
    paths: [
      isNote(article) ? `/${month}/note-${article.number}` : `/posts/${article.slug}`,
      `/archive/${article.number}`,
    ],
    text: (article.blocks[0] as { text: string }).text,
  };
}

export function hugoBlog(count: number): GeneratedBlog {
  const folder = new BlogFolder();
  const written = articles(count);
  folder.write('hugo.toml', CONFIG);
  folder.write('archetypes/default.md', "+++\ntitle = '{{ .Name }}'\n+++\n");
  folder.write('themes/paper/README.md', '# Paper\n');
  folder.write('static/favicon.ico', '');
  folder.write('content/_index.md', '---\ntitle: Home\n---\n');
  folder.write('content/posts/_index.md', '---\ntitle: Posts\n---\n');
  folder.write('content/about.md', '---\ntitle: About\ndate: 2012-01-01\n---\n\nHello.\n');
  for (const article of written) {
    const section = isNote(article) ? 'notes' : 'posts';
    const name = isBundle(article) ? `${article.slug}/index` : article.slug;
    folder.write(`content/${section}/${name}.md`, `${frontMatter(article)}\n\n${markdownOf(article)}\n`);
    if (isBundle(article)) folder.write(`content/${section}/${article.slug}/cover.jpg`, '');
  }
  return {
    path: folder.path,
    posts: written.map(expected),
    leftOut: {
      page: 1,
      'page of a section (_index.md)': 2,
      'file .jpg, not Markdown': written.filter(isBundle).length,
      'file .toml, not Markdown': 1,
      'folder or link that was not followed': 3,
    },
    remove: folder.remove,
  };
}
