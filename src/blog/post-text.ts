import { excerptOf } from '../platform/markup/excerpt-of.js';
import { renderMarkdown } from '../platform/markup/render-markdown.js';
import { sanitiseHtml } from '../platform/markup/sanitise-html.js';
import { textOf } from '../platform/markup/text-of.js';
import { tagSlug } from '../platform/slugs/tag-slug.js';
import type { ContentFormat } from './post.entity.js';
import { searchTokens } from './search-tokens.js';

/** The data derived from the text of a post when it is saved. */
export interface RenderedContent {
  readonly contentHtml: string;
  readonly excerpt: string;
  /** The search tokens of the text, separated by spaces. */
  readonly textTokens: string;
}

/** May take seconds for a text that was made to be slow: see PostRenderer. */
export function renderContent(content: string, format: ContentFormat): RenderedContent {
  const contentHtml = format === 'markdown' ? renderMarkdown(content) : sanitiseHtml(content);
  return { contentHtml, excerpt: excerptOf(contentHtml), textTokens: textTokensOf(contentHtml) };
}

export const textTokensOf = (contentHtml: string): string => searchTokens(textOf(contentHtml)).join(' ');

/** The excerpt to store for what an author wrote: null if that is empty, so that the automatic one is shown. */
export const customExcerpt = (written: string | null | undefined): string | null =>
  written === undefined || written === '' ? null : written;

export interface Tags {
  readonly tags: string[];
  readonly tagSlugs: string[];
}

/** If several tags have the same slug, the first is kept: `Node.js` and `node-js` are the same tag. */
export function tagsOf(names: readonly string[]): Tags {
  const bySlug = new Map<string, string>();
  for (const name of names) {
    const slug = tagSlug(name);
    if (!bySlug.has(slug)) bySlug.set(slug, name);
  }
  return { tags: [...bySlug.values()], tagSlugs: [...bySlug.keys()] };
}

/** The search tokens of a post, separated by spaces. Some may occur twice. */
export const postTokens = (title: string, tags: readonly string[], textTokens: string): string =>
  [...searchTokens(title, tags.join(' ')), textTokens].join(' ').trim();
