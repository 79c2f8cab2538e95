const MAX_LENGTH = 1_000;

/** Plain names only; what cannot be decoded is no address that a browser would ask for. */
function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path).normalize('NFC');
  } catch {
    return undefined;
  }
}

/** WordPress without pretty addresses tells its posts apart by this parameter alone: `/?p=12`. */
const numberedPost = (url: URL): string => {
  const number = url.searchParams.get('p') ?? '';
  return /^\d{1,18}$/.test(number) ? `/?p=${number}` : '';
};

/**
 * The form in which addresses of an earlier system are kept and looked up: `https://x.io/2019/caf%C3%A9/index.html?a=b`
 * → `/2019/café`. Decoded, without host, `index.html` and slashes at the end, and without the query, except `?p=12`.
 * @returns undefined for the front page, for what only another query tells apart, and for what cannot be an address
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
  // A slash or a dot that was encoded may have hidden `..` from the parser of addresses.
  const isPlain = !/\0|\/\.{1,2}(?:\/|$)/.test(path ?? '');
  return isUsable && isPlain && path.isWellFormed() ? path : undefined;
}
