const START = '/studio/posts';
const ORIGIN = 'http://studio.invalid';

/** A path to go on with after a form. Anything but a path of the Studio leads to its first page. */
export function pathInStudio(next: unknown): string {
  if (typeof next !== 'string' || next.length > 2_000 || !next.startsWith('/studio')) return START;
  const { origin, pathname, search } = URL.parse(next, ORIGIN) ?? new URL(START, ORIGIN);
  const isInside =
    origin === ORIGIN && /^\/studio(?:\/|$)/.test(pathname) && !pathname.startsWith('/studio/sign-in');
  return isInside ? pathname + search : START;
}
