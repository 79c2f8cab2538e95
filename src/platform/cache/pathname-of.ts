const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

/**
 * The path of a URL, decoded, without origin and query: one text for all spellings that the router takes for the same.
 * @throws URIError when its percent-encoding is broken, which the server refuses before
 */
export function pathnameOf(url: string): string {
  const local = url.startsWith('/') ? url : url.replace(ORIGIN, '');
  const path = local.split(/[?#]/, 1)[0]!;
  const decoded = path.includes('%') ? decodeURIComponent(path) : path;
  return decoded.startsWith('/') ? decoded : `/${decoded}`;
}

/** Path and query of what a person gave: a URL, or a path with or without its slash. */
export function localUrlOf(text: string): string {
  const local = text.replace(ORIGIN, '').split('#', 1)[0]!;
  return local.startsWith('/') ? local : `/${local}`;
}
