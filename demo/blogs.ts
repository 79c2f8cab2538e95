import type { PostgresServer } from '../test/coherence/cluster/postgres-server.js';
import { type Change, changeText } from '../test/coherence/http/request-text.js';
import { Register } from '../test/coherence/history/register.js';
import { idOf, loginOf, registration, tokenOf } from '../test/coherence/traffic/accounts.js';
import type { Contestant, Post } from './contestant.js';

const POSTS = 12;
const numbers = Array.from({ length: POSTS }, (_, i) => i);
const slugOf = (number: number): string => `post-${number}`;
const firstTitle = (number: number): string => new Register(number, '').mark(1);

/** The twelve posts as rows. */
export async function insertPosts(postgres: PostgresServer): Promise<void> {
  await postgres.query(
    `INSERT INTO users (username, email, role) VALUES ('ada', 'ada@example.org', 'author')`,
  );
  const sql = `
    INSERT INTO posts (slug, title, content, content_html, excerpt, author_id, category_id, tags, tag_slugs, status,
      was_published)
    SELECT $1, $2, 'Text', '<p>Text</p>', 'Text', id, 1, '{}', '{}', 'published', true FROM users`;
  for (const number of numbers) await postgres.query(sql, [slugOf(number), firstTitle(number)]);
}

/** Creates the same posts through Inkwell's API. @returns a function that writes them */
export async function createPosts({ stage, probes }: Contestant): Promise<Post[]> {
  const client = stage.clients.get(stage.cluster.nodes[0]!)!;
  const make = async (change: Change) => client.ask(changeText(change));
  await make(registration('ada'));
  const token = tokenOf(await make(loginOf('ada')));
  const posts: Post[] = [];
  for (const number of numbers) {
    const body = { title: firstTitle(number), content: 'Text', slug: slugOf(number) };
    const id = idOf(await make({ method: 'POST', path: '/blog/api/posts', token, body }));
    posts.push(postOf(probes.register(slugOf(number), 1), { path: `/blog/api/posts/${id}`, token }));
  }
  return posts;
}

/** @returns a function that writes the rows of `insertPosts` through the stock application */
export const stockPosts = ({ probes }: Contestant): Post[] =>
  numbers.map((number) =>
    postOf(probes.register(slugOf(number), 1), { path: `/blog/api/posts/${slugOf(number)}` }),
  );

function postOf(register: Register, address: { path: string; token?: string }): Post {
  const change = (version: number): Change => ({
    method: 'PATCH',
    ...address,
    body: { title: register.mark(version) },
  });
  return { register, change };
}

/** The paths that readers request: the list half of the time, otherwise a post. */
export function addProbes({ probes }: Contestant, posts: readonly Post[]): void {
  const registers = posts.map(({ register }) => register);
  probes.add({ path: '/blog/api/posts', weight: POSTS, shows: () => registers });
  for (const register of registers)
    probes.add({ path: `/blog/api/posts/${register.name}`, weight: 1, shows: () => [register] });
}
