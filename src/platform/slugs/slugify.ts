import anyAscii from 'any-ascii';

const MAX_LENGTH = 100;
/** Far more than any slug shows; the rest need not be transliterated. */
const MAX_READ = 1_000;

/** C, C++ and C# are three things; and `&` is a word. */
const SPELLED_OUT: readonly (readonly [RegExp, string])[] = [
  [/(?<=[a-z0-9])\+\+/gi, ' plus plus '],
  [/(?<=[a-z0-9])#/gi, ' sharp '],
  [/&/g, ' and '],
];

const spellOut = (text: string): string =>
  SPELLED_OUT.reduce((spelled, [sign, words]) => spelled.replace(sign, words), text);

/** At most `MAX_LENGTH` characters, ending with a whole word where that leaves more than half. */
function shorten(slug: string): string {
  if (slug.length <= MAX_LENGTH) return slug;
  const lastHyphen = slug.lastIndexOf('-', MAX_LENGTH);
  return slug.slice(0, lastHyphen > MAX_LENGTH / 2 ? lastHyphen : MAX_LENGTH);
}

/**
 * The part of an address that a title gives, in any script: `안녕 세계` → `annyeong-segye`.
 * @param kind leads the slug of a title that gives digits only (`1984` → `post-1984`), and stands for one that gives nothing
 * @returns 1–100 characters of `[a-z0-9-]`, never digits only
 */
export function slugify(title: string, kind = 'post'): string {
  const ascii = anyAscii(spellOut(title.slice(0, MAX_READ).normalize('NFC'))).toLowerCase();
  const slug = shorten(
    ascii
      .replace(/['’`]/g, '')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, ''),
  );
  if (slug === '') return kind;
  return /^\d+$/.test(slug) ? shorten(`${kind}-${slug}`) : slug;
}
