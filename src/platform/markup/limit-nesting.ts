/** Elements without an end tag, or with an optional one. Many of them in a row are not nested. */
const NEVER_DEEP = new Set(
  'area base br col embed hr img input link meta param source track wbr p li dt dd tr td th thead tbody tfoot option'.split(
    ' ',
  ),
);
const TAG = /<(\/?)([a-z][a-z0-9-]*)[^<>]*>/gi;

/**
 * Removes the tags of elements nested deeper than `maxDepth`. Takes linear time and runs before any tree is built,
 * because parsers take time quadratic in the depth.
 */
export function limitNesting(html: string, maxDepth: number): string {
  let depth = 0;
  let dropped = 0;
  return html.replace(TAG, (tag, slash: string, name: string) => {
    if (NEVER_DEEP.has(name.toLowerCase())) return tag;
    if (slash === '') {
      if (depth === maxDepth) dropped += 1;
      else depth += 1;
      return dropped > 0 ? '' : tag;
    }
    if (dropped > 0) {
      dropped -= 1;
      return '';
    }
    depth = Math.max(0, depth - 1);
    return tag;
  });
}
