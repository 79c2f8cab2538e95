import type { Config } from '../../config.js';
import { cdnTags } from './cdn-tag.js';

type Headers = Readonly<Record<string, string>>;

/** Headers of a public answer for the CDN, from its tags and the TTL of its route. */
export type CdnHeaders = (tags: readonly string[], ttlMs: number) => Headers;

/** Both Fastly and Cloudflare take 16 KB; clients on the way, Node among them, take 16 KB for all headers. */
const MAX_TAGS_BYTES = 8_192;
const NONE: Headers = {};

/** The header that each provider reads tags from, and what stands between them. */
const TAG_HEADERS = {
  fastly: ['surrogate-key', ' '],
  cloudflare: ['cache-tag', ','],
  generic: ['surrogate-key', ' '],
} as const;

/** @returns a function that gives no headers when no CDN is configured */
export function cdnHeadersFor({ cdnPurgeProvider: provider, staleIfErrorSeconds }: Config): CdnHeaders {
  if (provider === undefined) return () => NONE;
  const [tagHeader, separator] = TAG_HEADERS[provider];
  return (tags, ttlMs) => {
    const text = cdnTags(tags).join(separator);
    // What cannot be purged by all of its tags must not be kept.
    const isTagged = text.length <= MAX_TAGS_BYTES;
    const seconds = Math.floor(ttlMs / 1000);
    const policy = isTagged ? `s-maxage=${seconds}, stale-if-error=${staleIfErrorSeconds}` : 'no-store';
    return {
      'cdn-cache-control': policy,
      ...(isTagged ? { [tagHeader]: text } : {}),
      // Fastly knows the older header only, and in it max-age.
      ...(provider === 'fastly' ? { 'surrogate-control': policy.replace('s-maxage', 'max-age') } : {}),
    };
  };
}
