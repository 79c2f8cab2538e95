import anyAscii from 'any-ascii';
import { normalise } from '../text/normalise.js';

const MAX_LENGTH = 100;
/** Far more than any slug shows, so that the rest need not be transliterated. */
const MAX_READ = 1_000;

/** C, C++ and C# are three different things, and `&` is a word. */
const SPELLED_OUT: readonly (readonly [RegExp, string])[] = [
  [/(?<=[a-z0-9])\+\+/gi, ' plus plus '],
  [/(?<=[a-z0-9])#/gi, ' sharp '],
  [/&/g, ' and '],
];

const spellOut = (text: string): string =>
  SPELLED_OUT.reduce((spelled, [sign, words]) => spelled.replace(sign, words), text);

/** Shortens a slug to `MAX_LENGTH` characters, at the end of a word if that keeps more than half. */
function shorten(slug: string): string {
  if (slug.length <= MAX_LENGTH) return slug;
  const lastHyphen = slug.lastIndexOf('-', MAX_LENGTH);
  return slug.slice(0, lastHyphen > MAX_LENGTH / 2 ? lastHyphen : MAX_LENGTH);
}

/**
 * Makes the last part of an address from a title in any script: `안녕 세계` → `annyeong-segye`.
 * @param kind put in front if the result has digits only (`1984` → `post-1984`), and used alone if the result is empty
 * @returns 1–100 characters of `[a-z0-9-]`, never digits only
 */
export function slugify(title: string, kind = 'post'): string {
  const ascii = anyAscii(spellOut(normalise(title.slice(0, MAX_READ), 'NFC'))).toLowerCase();
  const slug = shorten(
    ascii
      .replace(/['’`]/g, '')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, ''),
  );
  if (slug === '') return kind;
  return /^\d+$/.test(slug) ? shorten(`${kind}-${slug}`) : slug;
}
