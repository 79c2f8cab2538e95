import { slugify } from '../../../src/platform/slugs/slugify.js';
import { type Article, articles, markdownOf } from './articles.js';
import { BlogFolder, type ExpectedPost, type GeneratedBlog } from './generated-blog.js';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const isMdx = ({ number }: Article): boolean => number % 7 === 0;

/** As in the starter template: `Jul 08 2022`. */
const dayOf = (date: Date): string =>
  `${MONTHS[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2, '0')} ${date.getUTCFullYear()}`;
const midnightOf = (date: Date): Date => new Date(date.toISOString().slice(0, 10));

const frontMatter = (article: Article): string =>
  [
    '---',
    `title: ${JSON.stringify(article.title)}`,
    `description: ${JSON.stringify(article.title)}`,
    `pubDate: '${dayOf(article.date)}'`,
    `updatedDate: '${dayOf(article.updated)}'`,
    `heroImage: '/hero-${article.number}.jpg'`,
    `category: ${JSON.stringify(article.category)}`,
    `tags: ${JSON.stringify(article.tags)}`,
    `author: ${article.author.name}`,
    ...(article.isDraft ? ['draft: true'] : []),
    '---',
  ].join('\n');

const bodyOf = (article: Article): string =>
  isMdx(article)
    ? `import Note from '../../components/Note.astro';\n\n${markdownOf(article)}\n\n<Note>Mind this.</Note>`
    : markdownOf(article);

function expected(article: Article): ExpectedPost {
  return {
    title: article.title,
    slug: slugify(article.slug),
    author: slugify(article.author.name),
    category: article.category,
    tags: article.tags,
    status: article.isDraft ? 'draft' : 'published',
    createdAt: midnightOf(article.date),
    updatedAt: midnightOf(article.updated),
    paths: [`/blog/${article.slug}`],
    text: (article.blocks[0] as { text: string }).text,
  };
}

/** The layout of `npm create astro -- --template blog`. */
export function astroBlog(count: number): GeneratedBlog {
  const folder = new BlogFolder();
  const written = articles(count);
  folder.write('astro.config.mjs', 'export default {};\n');
  folder.write('src/content.config.ts', 'export const collections = {};\n');
  folder.write('src/pages/about.md', '---\ntitle: About\n---\n\nHello.\n');
  for (const article of written) {
    folder.write(
      `src/content/blog/${article.slug}.${isMdx(article) ? 'mdx' : 'md'}`,
      `${frontMatter(article)}\n\n${bodyOf(article)}\n`,
    );
  }
  return {
    path: folder.path,
    posts: written.map(expected),
    leftOut: { page: 1, 'file .mjs, not Markdown': 1, 'file .ts, not Markdown': 1 },
    remove: folder.remove,
  };
}
