import { type Account, promote, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/documented-api.js';
import { type Inkwell, LONG_LEASE, startInkwell } from '../support/start-inkwell.js';
import { POSTS, written } from './posts.js';

export const CATEGORIES = '/blog/api/categories';

export interface Category {
  id: number;
  name: string;
  slug: string;
  color: string;
  post_count: number;
}

export const get = (on: Inkwell, path: string) => api(on).get<unknown>(path);
export const bodyOf = async (on: Inkwell, path: string): Promise<string> =>
  JSON.stringify((await get(on, path)).body ?? '');

/** Two replicas, an administrator and an author. */
export async function twoReplicas() {
  const inkwell = await startInkwell(LONG_LEASE);
  const other = await startInkwell(LONG_LEASE, { databaseUrl: inkwell.databaseUrl });
  const root = await registerAndLogin(inkwell, 'root-1');
  await promote(inkwell, 'root-1', 'admin');
  const ada = await registerAndLogin(inkwell, 'ada');
  const close = async (): Promise<void> => {
    await other.close();
    await inkwell.close();
  };
  return { inkwell, other, root, ada, close };
}
export type Replicas = Awaited<ReturnType<typeof twoReplicas>>;

/** Requests of the administrator, unless another account is named. */
export const revise = (
  on: Replicas,
  id: number | string,
  changes: object,
  headers = {},
  by: Account = on.root,
) => api(on.inkwell).patch<Category>(`${CATEGORIES}/${id}`, changes, by.token, headers);
export const merge = (on: Replicas, id: number, into: number, by: Account = on.root) =>
  api(on.inkwell).post<Category>(`${CATEGORIES}/${id}/merge`, { into }, by.token);

/** @returns a post in a category of its own, and all places that show the category's name */
export async function shown({ inkwell, ada }: Replicas, name: string, tag: string) {
  const post = await written(inkwell, ada, { category_name: name, tags: [tag] });
  const places = [
    CATEGORIES,
    POSTS,
    `${POSTS}?limit=1`,
    `${POSTS}?tag=${tag}`,
    `${POSTS}?author=ada`,
    `${POSTS}?category=${post.category.slug}`,
    `${POSTS}?category=${post.category.slug}&tag=${tag}`,
    `${POSTS}/${post.id}`,
    `${POSTS}/${post.slug}`,
    '/blog/',
    `/blog/?tag=${tag}`,
    `/blog/?category=${post.category.slug}`,
    `/blog/posts/${post.slug}`,
    '/blog/categories',
  ];
  return { post, category: post.category, places };
}
