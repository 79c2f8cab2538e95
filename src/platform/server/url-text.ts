import { Problem } from '../errors/problem.js';

/** @throws a 400 when the percent-encoding of a URL is broken, is not UTF-8, or hides a NUL */
export function assertUrlText(url: string): void {
  if (!url.includes('%')) return;
  try {
    if (!decodeURIComponent(url).includes('\0')) return;
  } catch {
    // Falls through to the refusal.
  }
  throw new Problem({
    status: 400,
    code: 'request.invalid_url',
    title: 'The URL is not valid',
    detail: 'Its percent-encoding must be UTF-8 without NUL.',
  });
}
