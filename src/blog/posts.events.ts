import { defineEvent } from '../platform/events/define-event.js';
import type { CategoryState } from './categories.events.js';

/** What lists show a post by. */
export interface PostState {
  readonly id: number;
  readonly slug: string;
  readonly title: string;
  /** User name; null when the account was deleted. */
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

/** A post is in the lists now. `formerSlugs` lead to it again, when it was there before. */
export const PostPublished = defineEvent(
  'post.published',
  ({ post, formerSlugs }: { post: PostState; formerSlugs: readonly string[] }) => [
    `post:${post.id}`,
    ...[post.slug, ...formerSlugs].map((slug) => `post-slug:${slug}`),
    ...listTags(post),
    'categories',
  ],
);

/** A published post was changed. Lists show when that was, so all that it was in or is in change as well. */
export const PostRevised = defineEvent(
  'post.revised',
  ({ before, after }: { before: PostState; after: PostState }) => [
    `post:${after.id}`,
    ...(before.slug === after.slug ? [] : [`post-slug:${after.slug}`]),
    ...listTags(before),
    ...listTags(after),
    ...(before.category === after.category ? [] : ['categories']),
  ],
);

const gone = ({ post }: { post: PostState }): string[] => [
  `post:${post.id}`,
  ...listTags(post),
  'categories',
];

/** A published post became a draft. `post` is as the lists showed it. */
export const PostUnpublished = defineEvent('post.unpublished', gone);

/** A published post was deleted. */
export const PostRemoved = defineEvent('post.removed', gone);

export interface ImportedState extends Omit<PostState, 'version'> {
  /** They lead to it now. */
  readonly formerSlugs: readonly string[];
}

interface Import {
  readonly posts: readonly ImportedState[];
  readonly categories: readonly CategoryState[];
  /** Webhooks are not told. */
  readonly quiet?: boolean;
}

/** An import published many posts and made categories: one event for all of them. */
export const PostsImported = defineEvent('posts.imported', ({ posts, categories }: Import) => [
  ...posts.flatMap((post) => [
    `post:${post.id}`,
    ...[post.slug, ...post.formerSlugs].map((slug) => `post-slug:${slug}`),
    ...listTags(post),
  ]),
  ...categories.map(({ slug }) => `posts:category:${slug}`),
  'categories',
]);
