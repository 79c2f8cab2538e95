import { normalise } from '../text/normalise.js';

const MAX_LENGTH = 1_000;

/** Decodes a path. A path that cannot be decoded is no address that a browser would request. */
function decoded(path: string): string | undefined {
  try {
    return normalise(decodeURIComponent(path), 'NFC');
  } catch {
    return undefined;
  }
}

/** WordPress without permalinks identifies posts by this parameter alone: `/?p=12`. */
const numberedPost = (url: URL): string => {
  const number = url.searchParams.get('p') ?? '';
  return /^\d{1,18}$/.test(number) ? `/?p=${number}` : '';
};

/**
 * Normalises an address of an earlier system, both to store it and to look it up:
 * `https://x.io/2019/caf%C3%A9/index.html?a=b` → `/2019/café`. The result is decoded, without host, trailing slashes
 * and `index.html`, and without the query except `?p=12`.
 * @returns undefined for the front page, for addresses that differ in another query only, and for text that is no
 * address
 */
export function formerPath(address: string): string | undefined {
  let url: URL;
  try {
    url = new URL(address.trim(), 'http://localhost');
  } catch {
    return undefined;
  }
  if (!/^https?:$/.test(url.protocol)) return undefined;
  const path = decoded(url.pathname)
    ?.replace(/\/{2,}/g, '/')
    .replace(/(?:\/(?:index\.html?)?)+$/, '')
    .concat(numberedPost(url));
  const isUsable = path !== undefined && path !== '' && path.length <= MAX_LENGTH;
  // An encoded slash or dot may have hidden `..` from the URL parser.
  const isPlain = !/\0|\/\.{1,2}(?:\/|$)/.test(path ?? '');
  return isUsable && isPlain && path.isWellFormed() ? path : undefined;
}
