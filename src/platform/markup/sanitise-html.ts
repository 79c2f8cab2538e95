import sanitize, { type Attributes, type IOptions, type Tag } from 'sanitize-html';
import { limitNesting } from './limit-nesting.js';

/** Deeper elements lose their tags and keep their text. */
const MAX_DEPTH = 64;

const TEXT = [
  'a',
  'abbr',
  'b',
  'bdi',
  'bdo',
  'br',
  'cite',
  'code',
  'del',
  'dfn',
  'em',
  'i',
  'ins',
  'kbd',
  'mark',
];
const MORE_TEXT = [
  'q',
  'rp',
  'rt',
  'ruby',
  's',
  'samp',
  'small',
  'span',
  'strong',
  'sub',
  'sup',
  'time',
  'u',
  'var',
];
const BLOCKS = [
  'address',
  'article',
  'aside',
  'blockquote',
  'details',
  'div',
  'footer',
  'header',
  'hr',
  'p',
  'pre',
];
const MORE_BLOCKS = [
  'section',
  'summary',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'dd',
  'dl',
  'dt',
  'li',
  'ol',
  'ul',
];
const TABLES = ['caption', 'col', 'colgroup', 'table', 'tbody', 'td', 'tfoot', 'th', 'thead', 'tr'];
const MEDIA = ['audio', 'figcaption', 'figure', 'img', 'picture', 'source', 'video'];

const isElsewhere = (href: string): boolean => /^\s*(?:https?:)?[\\/]{2}/i.test(href);

/**
 * Links in posts do not improve the search ranking of a page (nofollow), and linked pages cannot access this one
 * (noopener).
 */
function link(_: string, { rel: _given, ...attribs }: Attributes): Tag {
  const leaves = isElsewhere(attribs['href'] ?? '');
  return { tagName: 'a', attribs: leaves ? { ...attribs, rel: 'nofollow noopener' } : attribs };
}

const image = (tagName: string, attribs: Attributes): Tag => ({
  tagName,
  attribs: { ...attribs, loading: 'lazy' },
});

/** Markdown tables align cells by a style. Styles are not allowed, but the attribute is. */
function cell(tagName: string, attribs: Attributes): Tag {
  const align = /text-align:\s*(left|center|right)/.exec(attribs['style'] ?? '')?.[1];
  return { tagName, attribs: align === undefined ? attribs : { ...attribs, align } };
}

/** A frame becomes a link to its content, so that a video of another site neither runs nor gets lost. */
function frame(_: string, { src = '' }: Attributes): Tag {
  return { tagName: 'a', attribs: { href: src, rel: 'nofollow noopener' }, text: src };
}

const OPTIONS: IOptions = {
  allowedTags: [...TEXT, ...MORE_TEXT, ...BLOCKS, ...MORE_BLOCKS, ...TABLES, ...MEDIA],
  allowedAttributes: {
    '*': ['title', 'lang', 'dir'],
    a: ['href', 'rel'],
    audio: ['src', 'controls', 'preload'],
    blockquote: ['cite'],
    col: ['span'],
    details: ['open'],
    img: ['src', 'srcset', 'sizes', 'alt', 'width', 'height', 'loading'],
    li: ['value'],
    ol: ['start', 'reversed', 'type'],
    source: ['src', 'srcset', 'sizes', 'type', 'media'],
    td: ['align', 'colspan', 'rowspan'],
    th: ['align', 'colspan', 'rowspan', 'scope'],
    time: ['datetime'],
    video: ['src', 'controls', 'poster', 'preload', 'width', 'height'],
  },
  allowedClasses: { code: ['language-*'], pre: ['language-*'] },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: {
    img: ['http', 'https'],
    source: ['http', 'https'],
    video: ['http', 'https'],
    audio: ['http', 'https'],
  },
  allowedSchemesAppliedToAttributes: ['href', 'src', 'cite', 'poster'],
  nestingLimit: MAX_DEPTH,
  parseStyleAttributes: false,
  transformTags: { a: link, img: image, td: cell, th: cell, iframe: frame },
};

/**
 * Sanitises HTML from any author for our own pages: no script, style, form, frame or id. Sanitising it again changes
 * nothing.
 */
export const sanitiseHtml = (html: string): string => sanitize(limitNesting(html, 2 * MAX_DEPTH), OPTIONS);
