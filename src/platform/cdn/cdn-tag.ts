/** Longer tags, of long paths, are left out, because one header holds all tags of an answer. */
const MAX_TAG_BYTES = 500;

/** No shared answer shows a session. */
const PRIVATE = /^session:/;

const encoded = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');

/**
 * A tag as used in headers and purges: printable ASCII without separators, which every CDN accepts.
 * @returns undefined for a tag that the CDN does not need
 */
function cdnTag(tag: string): string | undefined {
  if (PRIVATE.test(tag)) return undefined;
  const text = tag.replace(/[^\x21-\x2b\x2d-\x7e]/gu, encoded);
  return text.length <= MAX_TAG_BYTES ? text : undefined;
}

export const cdnTags = (tags: readonly string[]): string[] => [
  ...new Set(tags.map(cdnTag).filter((tag) => tag !== undefined)),
];
