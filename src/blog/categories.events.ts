import { defineEvent } from '../platform/outbox/define-event.js';

export interface CategoryState {
  readonly id: number;
  readonly name: string;
  readonly slug: string;
}

const tagsOf = ({ slug }: CategoryState): string[] => ['categories', `posts:category:${slug}`];

export const CategoryCreated = defineEvent('category.created', tagsOf);
export const CategoryRemoved = defineEvent('category.removed', tagsOf);

export interface CategoryRevision {
  readonly before: CategoryState;
  readonly after: CategoryState;
  /** Earlier slugs, which lead to the category. */
  readonly formerSlugs: readonly string[];
}

/** Tags of everything that an address of a category leads to. */
const addressTags = (slugs: readonly string[]): string[] =>
  slugs.flatMap((slug) => [`posts:category:${slug}`, `category-slug:${slug}`]);

/** A category has another name, address or colour. Only lists of categories show the colour. */
export const CategoryRevised = defineEvent(
  'category.revised',
  ({ before, after, formerSlugs }: CategoryRevision) => [
    'categories',
    ...(before.name === after.name && before.slug === after.slug ? [] : [`category:${after.id}`]),
    ...(before.slug === after.slug ? [] : addressTags([before.slug, after.slug, ...formerSlugs])),
  ],
);

export interface CategoryMerge {
  readonly from: CategoryState;
  readonly into: CategoryState;
  /** Slugs that led to `from`, and now lead to `into`. */
  readonly formerSlugs: readonly string[];
}

/** All posts of a category are in another one, and the category is gone. */
export const CategoryMerged = defineEvent('category.merged', ({ from, into, formerSlugs }: CategoryMerge) => [
  'categories',
  `category:${from.id}`,
  `posts:category:${into.slug}`,
  ...addressTags([from.slug, ...formerSlugs]),
]);
