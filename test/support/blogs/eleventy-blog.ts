import { slugify } from '../../../src/platform/slugs/slugify.js';
import { type Article, articles, markdownOf } from './articles.js';
import { BlogFolder, type ExpectedPost, type GeneratedBlog } from './generated-blog.js';

const dayOf = ({ date }: Article): string => date.toISOString().slice(0, 10);

const frontMatter = (article: Article): string =>
  [
    '---',
    `title: ${JSON.stringify(article.title)}`,
    // Half of the posts have their date in the file name only.
    ...(article.number % 2 === 0 ? [`date: ${article.date.toISOString()}`] : []),
    `tags: ${JSON.stringify(['posts', ...article.tags])}`,
    ...(article.isDraft ? ['draft: true'] : []),
    ...(article.number % 9 === 0 ? [`permalink: /kept/${article.number}/index.html`] : []),
    '---',
  ].join('\n');

function expected(article: Article): ExpectedPost {
  const createdAt = article.number % 2 === 0 ? article.date : new Date(`${dayOf(article)}T00:00:00Z`);
  return {
    title: article.title,
    slug: slugify(article.slug),
    author: 'blogger',
    category: 'General',
    tags: article.tags,
    status: article.isDraft ? 'draft' : 'published',
    createdAt,
    updatedAt: createdAt,
    paths: [article.number % 9 === 0 ? `/kept/${article.number}` : `/blog/${article.slug}`],
    text: (article.blocks[0] as { text: string }).text,
  };
}

/** The layout of eleventy-base-blog. */
export function eleventyBlog(count: number): GeneratedBlog {
  const folder = new BlogFolder();
  const written = articles(count);
  folder.write(
    'eleventy.config.js',
    'export const config = { dir: { input: "content", output: "_site" } };\n',
  );
  folder.write('content/blog/blog.11tydata.js', 'export default { layout: "layouts/post.njk" };\n');
  folder.write('content/about.md', '---\ntitle: About\n---\n\nHello.\n');
  folder.write('content/index.njk', '---\n---\n');
  for (const article of written) {
    folder.write(
      `content/blog/${dayOf(article)}-${article.slug}.md`,
      `${frontMatter(article)}\n${markdownOf(article)}\n`,
    );
  }
  return {
    path: folder.path,
    posts: written.map(expected),
    leftOut: {
      page: 1,
      'data file of a folder, which its posts may need': 1,
      'file .js, not Markdown': 1,
      'file .njk, not Markdown': 1,
    },
    remove: folder.remove,
  };
}
