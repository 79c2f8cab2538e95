import { AUTHORS, POSTS, TAGS } from '../services/sample-blog.js';
import type { Subject } from './scenario.js';

/** The most popular paths, one per subject. */
export const POPULAR: Readonly<Record<Subject, string>> = {
  list: '/blog/api/posts',
  post: `/blog/api/posts/harbour-notes-${POSTS}`,
  user: '/api/users/author-1',
  categories: '/blog/api/categories',
};

const numbered = (count: number, path: (n: number) => string): [string, ...string[]] => [
  path(1),
  ...Array.from({ length: count - 1 }, (_, i) => path(i + 2)),
];

/** Far more lists than a tiny memory holds, each as long as the popular one. */
export const TAG_LISTS = numbered(TAGS, (n) => `/blog/api/posts?tag=log-${n}`);

/** Many paths of a kind, so that no two requests in flight share a query. */
export const MANY = {
  list: numbered(200, (n) => `/blog/api/posts?offset=${n}`),
  post: numbered(AUTHORS, (n) => `/blog/api/posts/harbour-notes-${n}`),
  user: numbered(AUTHORS, (n) => `/api/users/author-${n}`),
} as const;
