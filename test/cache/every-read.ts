import { FORMER_PATHS, TAGS, USERNAMES } from './random-writes.js';
import type { World } from './world.js';
import { tagsOf } from '../../src/blog/post-text.js';

/** A GET by a certain caller. */
export interface Read {
  readonly path: string;
  /** Undefined: anonymous. */
  readonly token?: string;
}

const POSTS = '/blog/api/posts';
const MAX_TOKENS = 6;
/** Requests for things that never exist or cannot exist. */
const NEVER = ['never', 'Upper%20Case'];

function* lists(world: World): Generator<string> {
  const filters = [
    ...['general', ...world.categories, ...NEVER].map((slug) => `category=${slug}`),
    ...[...tagsOf(TAGS).tagSlugs, ...NEVER].map((slug) => `tag=${slug}`),
    ...[...USERNAMES, 'root-1', ...NEVER].map((name) => `author=${name}`),
    'category=general&author=root-1',
    'category=essays&tag=node-js',
    'author=root-1&tag=node-js',
    'author=ann&category=essays&tag=travel',
  ];
  yield POSTS;
  for (const paging of ['limit=1', 'limit=2', 'limit=100', 'offset=1', 'limit=2&offset=3'])
    yield `${POSTS}?${paging}`;
  for (const filter of filters) yield `${POSTS}?${filter}`;
  for (const filter of ['category=general', 'tag=node-js', 'author=root-1'])
    yield `${POSTS}?limit=1&${filter}`;
  yield `${POSTS}?q=first`;
  yield* world.nextPages;
}

function* posts(world: World): Generator<string> {
  for (let id = 0; id <= world.lastPostId + 1; id += 1) yield `${POSTS}/${id}`;
  for (const slug of [...world.slugs, 'first', ...NEVER]) yield `${POSTS}/${slug}`;
}

function* profiles(world: World): Generator<string> {
  const lastId = Math.max(...world.people.map(({ id }) => id));
  for (let id = 1; id <= lastId + 1; id += 1) yield `/api/users/${id}`;
  for (const name of [...USERNAMES, 'root-1', ...NEVER]) yield `/api/users/${name}`;
  yield `/api/users?ids=1,2,${lastId}`;
}

function* pages(world: World): Generator<string> {
  const filters = ['category=general', 'category=essays', 'tag=node-js', 'author=ann', 'author=never'];
  for (const query of ['', '?utm_source=somewhere', ...filters.map((filter) => `?${filter}`)])
    yield `/blog/${query}`;
  for (const slug of [...world.slugs, 'first', ...NEVER]) yield `/blog/posts/${slug}`;
  yield* FORMER_PATHS;
}

/** Requests that need a token, and requests for published things that a token must not affect. */
function* asked(world: World, token: string): Generator<Read> {
  const paths = ['/api/users/me', '/api/users/1', `${POSTS}?status=draft`, `${POSTS}?limit=2`];
  const slugs = [...world.slugs].slice(-3).map((slug) => `${POSTS}/${slug}`);
  for (const path of [...paths, ...slugs]) yield { path, token };
  const oldest = Math.max(1, world.lastPostId - 3);
  for (let id = oldest; id <= world.lastPostId; id += 1) yield { path: `${POSTS}/${id}`, token };
}

/** All possible requests: every address that exists or existed, and similar ones. */
export function* everyRead(world: World): Generator<Read> {
  const paths = [
    '/api/site',
    '/blog/api/categories',
    '/blog/api/tags',
    '/blog/api/tags?limit=1',
    '/blog/api/tags?limit=1&cursor=node',
    '/blog/api/tags?q=node',
    '/blog/categories',
    '/blog/categories?page=2',
    ...lists(world),
    ...posts(world),
    ...profiles(world),
    ...pages(world),
  ];
  for (const path of paths) yield { path };
  const tokens = world.people.slice(1).flatMap((person) => person.tokens);
  for (const token of [world.administrator.tokens[0]!, ...tokens.slice(-MAX_TOKENS)])
    yield* asked(world, token);
}
