import { excerptOf } from '../platform/markup/excerpt-of.js';
import { renderMarkdown } from '../platform/markup/render-markdown.js';
import { sanitiseHtml } from '../platform/markup/sanitise-html.js';
import { textOf } from '../platform/markup/text-of.js';
import { tagSlug } from '../platform/slugs/tag-slug.js';
import type { ContentFormat } from './post.entity.js';
import { searchTokens } from './search-tokens.js';

export interface RenderedContent {
  readonly contentHtml: string;
  readonly excerpt: string;
}

/** Done once, when a post is written. */
export function renderContent(content: string, format: ContentFormat): RenderedContent {
  const contentHtml = format === 'markdown' ? renderMarkdown(content) : sanitiseHtml(content);
  return { contentHtml, excerpt: excerptOf(contentHtml) };
}

export interface Tags {
  readonly tags: string[];
  readonly tagSlugs: string[];
}

/** Of tags with one slug the first stays: `Node.js` and `node-js` are one. */
export function tagsOf(names: readonly string[]): Tags {
  const bySlug = new Map<string, string>();
  for (const name of names) {
    const slug = tagSlug(name);
    if (!bySlug.has(slug)) bySlug.set(slug, name);
  }
  return { tags: [...bySlug.values()], tagSlugs: [...bySlug.keys()] };
}

/** What a post is found by, the most important first. */
export const postTokens = (title: string, tags: readonly string[], contentHtml: string): string[] =>
  searchTokens(title, tags.join(' '), textOf(contentHtml));
