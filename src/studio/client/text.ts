/** The editable part of a post, in the shape of `/studio/api`. */
export interface EditableText {
  readonly title: string;
  /** Markdown, byte for byte as typed. */
  readonly content: string;
  /** Empty: the server derives it from the title. */
  readonly slug: string;
  /** Empty: the server's default. */
  readonly category_name: string;
  readonly tags: readonly string[];
  /** null: the server takes it from the content. */
  readonly excerpt: string | null;
}

export const EMPTY_TEXT: EditableText = {
  title: '',
  content: '',
  slug: '',
  category_name: '',
  tags: [],
  excerpt: null,
};

const sameTags = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((tag, i) => tag === b[i]);

export const isSameText = (a: EditableText, b: EditableText): boolean =>
  a.title === b.title &&
  a.content === b.content &&
  a.slug === b.slug &&
  a.category_name === b.category_name &&
  (a.excerpt ?? '') === (b.excerpt ?? '') &&
  sameTags(a.tags, b.tags);

/** The title of a draft that has none yet. */
export const UNTITLED = 'Untitled';

const isDerivedOr = (sent: string, kept: string): boolean => sent.trim() === '' || sent.trim() === kept;

/** True if the server may have made `kept` of `sent`: it trims fields and fills in empty ones. */
export const isKeptAs = (sent: EditableText, kept: EditableText): boolean =>
  sent.content === kept.content &&
  (sent.title.trim() || UNTITLED) === kept.title.trim() &&
  isDerivedOr(sent.slug, kept.slug) &&
  isDerivedOr(sent.category_name, kept.category_name) &&
  (sent.excerpt ?? '').trim() === (kept.excerpt ?? '').trim() &&
  sameTags(sent.tags, kept.tags);

export const isEmptyText = (text: EditableText): boolean => text.title.trim() === '' && text.content === '';

/** The replacement that makes one text of another. */
interface Replacement {
  readonly from: number;
  /** In the old text, exclusive. */
  readonly to: number;
  readonly insert: string;
}

export function replacementOf(before: string, after: string): Replacement {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}

/**
 * Merges two changes of one text. Changes of different places both apply. Where they touch, both texts are kept, theirs
 * first: a repeated word is easier to repair than a lost one.
 */
function mergeStrings(base: string, mine: string, theirs: string): string {
  if (mine === theirs || theirs === base) return mine;
  if (mine === base) return theirs;
  const a = replacementOf(base, mine);
  const b = replacementOf(base, theirs);
  const [first, second] = a.to < b.from ? [a, b] : [b, a];
  if (first.to < second.from)
    return (
      base.slice(0, first.from) +
      first.insert +
      base.slice(first.to, second.from) +
      second.insert +
      base.slice(second.to)
    );
  const from = Math.min(a.from, b.from);
  const to = Math.max(a.to, b.to);
  const within = (each: Replacement): string =>
    base.slice(from, each.from) + each.insert + base.slice(each.to, to);
  // One of them only removed text that the other has changed.
  const parts = [b, a].filter(({ insert }) => insert !== '');
  return base.slice(0, from) + parts.map(within).join('') + base.slice(to);
}

const mergeTags = (base: readonly string[], mine: readonly string[], theirs: readonly string[]): string[] => [
  ...theirs.filter((tag) => mine.includes(tag) || !base.includes(tag)),
  ...mine.filter((tag) => !theirs.includes(tag) && !base.includes(tag)),
];

const later = (base: string, mine: string, theirs: string): string => (mine === base ? theirs : mine);

/** Merges what two tabs of one person did to the same text at the same moment. */
export function mergeTexts(base: EditableText, mine: EditableText, theirs: EditableText): EditableText {
  if (isSameText(mine, theirs) || isSameText(theirs, base)) return mine;
  if (isSameText(mine, base)) return theirs;
  const excerpt = mergeStrings(base.excerpt ?? '', mine.excerpt ?? '', theirs.excerpt ?? '');
  return {
    title: mergeStrings(base.title, mine.title, theirs.title),
    content: mergeStrings(base.content, mine.content, theirs.content),
    slug: later(base.slug, mine.slug, theirs.slug),
    category_name: later(base.category_name, mine.category_name, theirs.category_name),
    tags: sameTags(mine.tags, base.tags) ? theirs.tags : mergeTags(base.tags, mine.tags, theirs.tags),
    excerpt: excerpt === '' ? null : excerpt,
  };
}
