import { slugify } from '../../../src/platform/slugs/slugify.js';
import { type Article, articles, markdownOf } from './articles.js';
import { BlogFolder, type ExpectedPost, type GeneratedBlog } from './generated-blog.js';

const CONFIG = `title: Notes from the road
description: >-
  What I think about
  when I think.
url: https://notes.example.com
baseurl: ""
permalink: /:categories/:year/:month/:day/:title:output_ext
timezone: Asia/Seoul
author:
  name: Jane Doe
plugins:
  - jekyll-feed
exclude: [Gemfile, README.md]
`;

const pad = (value: number): string => String(value).padStart(2, '0');

/** Seoul is nine hours ahead of UTC all year. */
const inSeoul = (date: Date): Date => new Date(date.getTime() + 9 * 3_600_000);
const dayOf = (local: Date): string =>
  `${local.getUTCFullYear()}-${pad(local.getUTCMonth() + 1)}-${pad(local.getUTCDate())}`;
const minuteOf = (local: Date): string => `${pad(local.getUTCHours())}:${pad(local.getUTCMinutes())}:00`;

/** Tags as a list, or as words if none contains a space. Jekyll accepts both. */
const tagLine = (tags: readonly string[]): string =>
  tags.some((tag) => tag.includes(' ')) ? `tags: [${tags.join(', ')}]` : `tags: ${tags.join(' ')}`;

function frontMatter(article: Article): string {
  const local = inSeoul(article.date);
  // One in three has a time zone; the others use the blog's.
  const zone = article.number % 3 === 0 ? ' +0900' : '';
  return [
    '---',
    'layout: post',
    `title: "${article.title.replaceAll('"', '\\"')}"`,
    `date: ${dayOf(local)} ${minuteOf(local)}${zone}`,
    `last_modified_at: ${article.updated.toISOString()}`,
    `category: ${article.category}`,
    ...(article.tags.length === 0 ? [] : [tagLine(article.tags)]),
    ...(article.author.login === 'jane' ? [] : [`author: ${article.author.login}`]),
    '---',
  ].join('\n');
}

function expected(article: Article): ExpectedPost {
  const { title, tags, date, updated, category, isDraft } = article;
  const day = dayOf(inSeoul(date)).replaceAll('-', '/');
  const authors: Readonly<Record<string, string>> = { jane: 'jane-doe', 'zoe.muller': 'zoe-muller' };
  return {
    title,
    slug: slugify(article.slug),
    author: authors[article.author.login] ?? article.author.login,
    category,
    tags,
    status: isDraft ? 'draft' : 'published',
    createdAt: date,
    updatedAt: updated,
    paths: [`/${category.toLowerCase()}/${day}/${article.slug}.html`],
    text: (article.blocks[0] as { text: string }).text,
  };
}

/** The layout of `jekyll new`, with years of posts. */
export function jekyllBlog(count: number): GeneratedBlog {
  const folder = new BlogFolder();
  const written = articles(count);
  folder.write('_config.yml', CONFIG);
  folder.write('Gemfile', "source 'https://rubygems.org'\ngem 'jekyll'\n");
  folder.write('README.md', '# Notes from the road\n');
  folder.write('about.md', '---\nlayout: page\ntitle: About\npermalink: /about/\n---\n\nHello.\n');
  folder.write('index.html', '---\nlayout: home\n---\n');
  folder.write('_layouts/post.html', '<html>{{ content }}</html>\n');
  folder.write('assets/main.scss', '---\n---\n');
  for (const article of written) {
    const name = `${dayOf(inSeoul(article.date))}-${article.slug}.md`;
    folder.write(
      `${article.isDraft ? '_drafts' : '_posts'}/${name}`,
      `${frontMatter(article)}\n${markdownOf(article)}\n`,
    );
  }
  return {
    path: folder.path,
    posts: written.map(expected),
    leftOut: {
      page: 1,
      'file without front matter': 1,
      'file .yml, not Markdown': 1,
      'file .html, not Markdown': 1,
      'file without a suffix, not Markdown': 1,
      'folder or link that was not followed': 2,
    },
    remove: folder.remove,
  };
}
