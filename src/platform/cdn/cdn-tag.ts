/** Longer ones, of long paths, are left out: a header holds all tags of an answer. */
const MAX_TAG_BYTES = 500;

/** Sessions are shown by nothing that is shared. */
const PRIVATE = /^session:/;

const encoded = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');

/**
 * A tag as it stands in headers and purges: printable ASCII without what separates tags, which is all that every CDN takes.
 * @returns undefined for a tag that no CDN needs to know
 */
function cdnTag(tag: string): string | undefined {
  if (PRIVATE.test(tag)) return undefined;
  const text = tag.replace(/[^\x21-\x2b\x2d-\x7e]/gu, encoded);
  return text.length <= MAX_TAG_BYTES ? text : undefined;
}

export const cdnTags = (tags: readonly string[]): string[] => [
  ...new Set(tags.map(cdnTag).filter((tag) => tag !== undefined)),
];
