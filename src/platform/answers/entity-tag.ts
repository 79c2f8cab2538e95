import { hash as digest } from 'node:crypto';

/** A strong ETag (RFC 9110 §8.8.3): `"<version>-<hash>"`, or `"<hash>"` of what has no version. */
export function entityTag(body: string | Buffer, version?: number): string {
  const hash = digest('sha256', body, 'base64url').slice(0, 16);
  return version === undefined ? `"${hash}"` : `"${version}-${hash}"`;
}

const splitTags = (header: string): string[] => header.split(',').map((tag) => tag.trim());

/** If-None-Match compares weakly: `W/"x"` equals `"x"`. */
export function matchesAny(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return splitTags(header).some((tag) => tag === '*' || tag === etag || tag === `W/${etag}`);
}

/**
 * If-Match compares the version part alone, so that any representation of a version may be sent back.
 * Weak tags never match (RFC 9110 §13.1.1).
 */
export function matchesVersion(header: string, version: number): boolean {
  return splitTags(header).some((tag) => tag === '*' || /^"(\d+)-[^"]*"$/.exec(tag)?.[1] === String(version));
}
