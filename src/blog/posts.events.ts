import { defineEvent } from '../platform/outbox/define-event.js';
import type { CategoryState } from './categories.events.js';

/** The fields of a post that lists show. */
export interface PostState {
  readonly id: number;
  readonly slug: string;
  readonly title: string;
  /** User name; null if the account was deleted. */
  readonly author: string | null;
  /** Slugs. */
  readonly category: string;
  readonly tags: readonly string[];
  readonly version: number;
}

const listTags = (post: Pick<PostState, 'author' | 'category' | 'tags'>): string[] => [
  'posts',
  `posts:category:${post.category}`,
  ...(post.author === null ? [] : [`posts:author:${post.author}`]),
  ...post.tags.map((tag) => `posts:tag:${tag}`),
];

/** The list of all tags with their counts. */
const tagList = ({ tags }: Pick<PostState, 'tags'>): string[] => (tags.length === 0 ? [] : ['tags']);

/** A post is published. Its `formerSlugs` lead to it again if it was published before. */
export const PostPublished = defineEvent(
  'post.published',
  ({ post, formerSlugs }: { post: PostState; formerSlugs: readonly string[] }) => [
    `post:${post.id}`,
    ...[post.slug, ...formerSlugs].map((slug) => `post-slug:${slug}`),
    ...listTags(post),
    ...tagList(post),
    'categories',
  ],
);

interface Revision {
  readonly before: PostState;
  readonly after: PostState;
  /** Do tags have the same slug, but another spelling? */
  readonly areTagsRespelt?: boolean;
}

const isSameSet = (some: readonly string[], others: readonly string[]): boolean =>
  String(some.toSorted()) === String(others.toSorted());

/**
 * A published post was changed. Lists show the time of the change, so all lists that contain it, or contained it
 * before, change too.
 */
export const PostRevised = defineEvent(
  'post.revised',
  ({ before, after, areTagsRespelt = false }: Revision) => [
    `post:${after.id}`,
    ...(before.slug === after.slug ? [] : [`post-slug:${after.slug}`]),
    ...listTags(before),
    ...listTags(after),
    ...(before.category === after.category ? [] : ['categories']),
    ...(areTagsRespelt || !isSameSet(before.tags, after.tags) ? ['tags'] : []),
  ],
);

const listsOf = ({ post }: { post: PostState }): string[] => [
  `post:${post.id}`,
  ...listTags(post),
  ...tagList(post),
  'categories',
];

/** A published post became a draft. `post` is its state in the lists. */
export const PostUnpublished = defineEvent('post.unpublished', listsOf);

/** A published post was deleted. */
export const PostRemoved = defineEvent('post.removed', listsOf);

export interface ImportedState extends Omit<PostState, 'version'> {
  /** Slugs that lead to the post now. */
  readonly formerSlugs: readonly string[];
}

interface Import {
  readonly posts: readonly ImportedState[];
  readonly categories: readonly CategoryState[];
  /** True sends nothing to webhooks. */
  readonly quiet?: boolean;
}

/** An import published many posts and created categories. There is one event for all of them. */
export const PostsImported = defineEvent('posts.imported', ({ posts, categories }: Import) => [
  ...posts.flatMap((post) => [
    `post:${post.id}`,
    ...[post.slug, ...post.formerSlugs].map((slug) => `post-slug:${slug}`),
    ...listTags(post),
    ...tagList(post),
  ]),
  ...categories.map(({ slug }) => `posts:category:${slug}`),
  'categories',
]);
