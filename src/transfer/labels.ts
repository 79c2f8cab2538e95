import type { Remarks } from './remarks.js';

/** Keeps the first category. The others become tags, so that the post can still be found by them. */
export function oneCategory(
  labels: { readonly categories: readonly string[]; readonly tags: readonly string[] },
  remarks: Remarks,
): { category: string | undefined; tags: string[] } {
  const [category, ...others] = labels.categories;
  if (others.length > 0) remarks.changed('further categories became tags', others.join(', '));
  return { category, tags: [...labels.tags, ...others] };
}
