import type { PostDetail, PostSummary } from '../../src/blog/posts.service.js';
import type { Account } from '../support/accounts.js';
import { api, type ApiResponse } from '../support/api.js';
import { query } from '../support/database.js';
import { api as documentedApi } from '../support/documented-api.js';
import type { Inkwell } from '../support/start-inkwell.js';

export type { PostDetail, PostSummary };

export const POSTS = '/blog/api/posts';

let count = 0;

/** A valid, unique body, with some members replaced. */
export const newPost = (changes: Record<string, unknown> = {}): Record<string, unknown> => {
  count += 1;
  return { title: `Post ${count} of the test`, content: `Text of post ${count}.`, ...changes };
};

/** @returns the whole response; its `status` is 201 if the changes are valid */
export const write = (
  inkwell: Pick<Inkwell, 'url'>,
  author: Pick<Account, 'token'>,
  changes: Record<string, unknown> = {},
): Promise<ApiResponse<PostDetail>> => api(inkwell).post<PostDetail>(POSTS, newPost(changes), author.token);

/** An existing post. */
export async function written(
  inkwell: Pick<Inkwell, 'url'>,
  author: Pick<Account, 'token'>,
  changes: Record<string, unknown> = {},
): Promise<PostDetail> {
  const response = await write(inkwell, author, changes);
  if (response.status !== 201) throw new Error(`Cannot write: ${JSON.stringify(response.body)}`);
  return response.body;
}

/** The path of the next page, from the `Link` header. */
export const nextOf = (headers: Headers): string | undefined =>
  /^<([^>]+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];

/** @returns titles of all pages from `path` on */
export async function titlesFrom(inkwell: Inkwell, path: string, token?: string): Promise<string[]> {
  const titles: string[] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const page: ApiResponse<PostSummary[]> = await api(inkwell).get<PostSummary[]>(next, token);
    if (page.status !== 200) throw new Error(`Cannot read ${next}: ${JSON.stringify(page.body)}`);
    titles.push(...page.body.map((post) => post.title));
    next = nextOf(page.headers);
  }
  return titles;
}

export const pathOf = (id: number | string): string => `${POSTS}/${id}`;

/** Requests for one post, by `ada` unless they name another account. @param world read at each request */
export function changesOf(world: () => { readonly inkwell: Inkwell; readonly ada: Account }) {
  const inkwell = () => world().inkwell;
  return {
    patch: (id: number | string, changes: object, { token }: Account = world().ada, ifMatch?: string) =>
      documentedApi(inkwell()).patch<PostDetail>(
        pathOf(id),
        changes,
        token,
        ifMatch === undefined ? {} : { 'if-match': ifMatch },
      ),
    remove: (id: number | string, { token }: Account = world().ada, headers = {}) =>
      documentedApi(inkwell()).delete(pathOf(id), token, headers),
    etagOf: async (id: number): Promise<string> =>
      (await documentedApi(inkwell()).get(pathOf(id), world().ada.token)).headers.get('etag')!,
    stored: async (id: number) =>
      (await query<{ version: number }>(inkwell(), 'SELECT * FROM posts WHERE id = $1', [id]))[0],
  };
}
