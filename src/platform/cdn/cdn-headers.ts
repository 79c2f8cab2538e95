import type { Config } from '../../config.js';
import { cdnTags } from './cdn-tag.js';

type Headers = Readonly<Record<string, string>>;

/** CDN headers of a public answer, from its tags and the TTL of its route. */
export type CdnHeaders = (tags: readonly string[], ttlMs: number) => Headers;

/** Fastly and Cloudflare accept 16 KB. Clients on the way, Node among them, accept 16 KB for all headers together. */
const MAX_TAGS_BYTES = 8_192;
const NONE: Headers = {};

/** The header with the tags, and their separator, per provider. */
const TAG_HEADERS = {
  fastly: ['surrogate-key', ' '],
  cloudflare: ['cache-tag', ','],
  generic: ['surrogate-key', ' '],
} as const;

/** @returns a function that returns no headers if no CDN is configured */
export function cdnHeadersFor({ cdnPurgeProvider: provider, staleIfErrorSeconds }: Config): CdnHeaders {
  if (provider === undefined) return () => NONE;
  const [tagHeader, separator] = TAG_HEADERS[provider];
  return (tags, ttlMs) => {
    const text = cdnTags(tags).join(separator);
    // An answer must not be stored if it cannot be purged by all of its tags.
    const isTagged = text.length <= MAX_TAGS_BYTES;
    const seconds = Math.floor(ttlMs / 1000);
    const policy = isTagged ? `s-maxage=${seconds}, stale-if-error=${staleIfErrorSeconds}` : 'no-store';
    return {
      'cdn-cache-control': policy,
      ...(isTagged ? { [tagHeader]: text } : {}),
      // Fastly only knows the older header, and in it max-age.
      ...(provider === 'fastly' ? { 'surrogate-control': policy.replace('s-maxage', 'max-age') } : {}),
    };
  };
}
