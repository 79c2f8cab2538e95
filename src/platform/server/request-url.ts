import { Problem } from '../errors/problem.js';

/**
 * The path and query of a request target. Proxies may send it with scheme and host (RFC 9112 §3.2.2). They are removed,
 * so that nothing derived from the target leads to another server.
 */
export function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const afterAuthority = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*(.*)$/i.exec(target)?.[1];
  if (afterAuthority === undefined) return target;
  return afterAuthority.startsWith('/') ? afterAuthority : `/${afterAuthority}`;
}

/** @throws a 400 if the percent-encoding of a URL is broken, is not UTF-8, or contains a NUL */
export function assertUrlText(url: string): void {
  if (!url.includes('%')) return;
  try {
    if (!decodeURIComponent(url).includes('\0')) return;
  } catch {
    // Throws below.
  }
  throw new Problem({ code: 'request.invalid_url' });
}
