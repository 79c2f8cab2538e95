import { slugify } from '../platform/slugs/slugify.js';
import { keptHtml, reportLocalFiles, reportUnshownHtml } from './kept-html.js';
import { BrokenPost, type Remarks } from './remarks.js';
import type { SourcePost } from './source.js';

/** The limits of the API (blog/posts.schemas.ts), so that imported posts can be edited later. */
const TITLE_MAX = 200;
const EXCERPT_MAX = 200;
const CONTENT_MAX = 200_000;
/** A larger body may still fit after markup was removed. */
const CONTENT_READ_MAX = 10 * CONTENT_MAX;
const CATEGORY_MAX = 50;
const TAGS_MAX = 10;
const TAG_MAX = 50;

/** Has at least one visible character, as the API requires of a title and a body. */
const isVisible = (text: string): boolean => /[^\p{C}\p{Z}\s]/u.test(text);

/** Counted in characters (code points), as in the API. */
const isLonger = (text: string, max: number): boolean => text.length > max && [...text].length > max;

function fitted(given: string, max: number, what: string, remarks: Remarks): string {
  const text = isVisible(given) ? given.trim() : '';
  if (!isLonger(text, max)) return text;
  remarks.changed(`${what} of more than ${max} characters, which was cut`, text);
  const start = [...text].slice(0, max - 1).join('');
  return `${start.trimEnd()}…`;
}

function fitTags(tags: readonly string[], remarks: Remarks): string[] {
  const names = tags.map((tag) => fitted(tag, TAG_MAX, 'tag', remarks)).filter((tag) => tag !== '');
  // If several tags have the same slug, the first is kept, as in blog/post-text.ts. Here they must not take the place
  // of another tag.
  const bySlug = new Map(names.toReversed().map((tag) => [slugify(tag, 'tag'), tag]));
  const distinct = names.filter((tag) => bySlug.get(slugify(tag, 'tag')) === tag);
  if (distinct.length > TAGS_MAX) {
    remarks.notKept(`tags beyond ${TAGS_MAX} a post`, distinct.slice(TAGS_MAX).join(', '));
  }
  return [...new Set(distinct)].slice(0, TAGS_MAX);
}

function assertStorable(post: SourcePost): void {
  const texts = [
    post.title,
    post.slug,
    post.content,
    post.excerpt ?? '',
    post.category ?? '',
    ...post.tags,
    post.author?.name ?? '',
  ];
  if (texts.some((text) => text.includes('\0'))) throw new BrokenPost('holds a NUL character');
  if (texts.some((text) => !text.isWellFormed()))
    throw new BrokenPost('holds half a character (a lone surrogate)');
}

const tooLong = (content: string): BrokenPost =>
  new BrokenPost(`has a body of more than ${CONTENT_MAX} characters`, { detail: String(content.length) });

function fitContent(post: SourcePost, remarks: Remarks): string {
  // A body of many times the limit is refused at once. Sanitising it could take minutes, and would not make it fit.
  if (post.content.length > CONTENT_READ_MAX) throw tooLong(post.content);
  reportLocalFiles(post.content, remarks);
  if (post.contentFormat === 'markdown') reportUnshownHtml(post.content, remarks);
  const content = post.contentFormat === 'html' ? keptHtml(post.content, remarks) : post.content;
  if (!isVisible(content)) throw new BrokenPost('has an empty body');
  if (isLonger(content, CONTENT_MAX)) throw tooLong(content);
  return content;
}

function statusOf(post: SourcePost, now: Date, remarks: Remarks): SourcePost['status'] {
  if (post.status === 'draft' || post.createdAt <= now) return post.status;
  remarks.changed('post of a future date became a draft', post.createdAt.toISOString());
  return 'draft';
}

/** Fits a post to Inkwell's limits. Changes are added to the remarks. @throws BrokenPost if that is not possible */
export function fitPost(post: SourcePost, now: Date, remarks: Remarks): SourcePost {
  assertStorable(post);
  const title = fitted(post.title, TITLE_MAX, 'title', remarks);
  if (title === '') remarks.changed('post without a title, which got "Untitled"');
  const excerpt = fitted(post.excerpt ?? '', EXCERPT_MAX, 'excerpt', remarks);
  const category = fitted(post.category ?? '', CATEGORY_MAX, 'category', remarks);
  return {
    ...post,
    title: title === '' ? 'Untitled' : title,
    content: fitContent(post, remarks),
    excerpt: excerpt === '' ? undefined : excerpt,
    category: category === '' ? undefined : category,
    tags: fitTags(post.tags, remarks),
    status: statusOf(post, now, remarks),
  };
}
