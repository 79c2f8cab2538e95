import { logoutActs, purgeActs, roleChangeActs } from '../effects/effects.js';
import { Standby } from '../cluster/standby.js';
import type { Post, Stand } from './stand.js';

const POSTS = 12;

/**
 * A primary is lost with the last `count` writes that it acknowledged, and a standby that never received them is
 * promoted.
 */
async function failOverLosing(stand: Stand, posts: readonly Post[], count: number): Promise<void> {
  const { cluster } = stand;
  const standby = await Standby.of(cluster.postgres);
  const kept = posts.map(({ version }) => version);
  standby.hold();
  for (let i = 0; i < count; i += 1)
    await stand.write(stand.nodes[i % stand.nodes.length]!, posts[i % posts.length]!);
  await cluster.postgres.crash();
  const former = cluster.postgres.become(await standby.promote());
  cluster.moveEndpoint();
  former.folder.remove();
  posts.forEach((post, i) => (post.version = kept[i]!));
}

/**
 * After a promotion that lost writes, outbox ids and transaction ids are assigned again. PostgreSQL logs a sequence 32
 * values ahead, so this needs at least as many lost writes.
 */
async function afterLosing(stand: Stand, count: number): Promise<string[]> {
  const posts: Post[] = [];
  for (let i = 0; i < POSTS; i += 1) posts.push(await stand.newPost());
  await stand.warm(...posts);
  await failOverLosing(stand, posts, count);
  const [first] = stand.nodes;
  await stand.writeWhenBack(first, posts[0]!);
  const complaints = await shownOf(stand, posts);
  complaints.push(...(await logoutActs(stand.tried)), ...(await stand.newCategoryIsShown()));
  for (let i = 0; i < count; i += 1) {
    const post = posts[i % posts.length]!;
    await stand.write(stand.nodes[i % stand.nodes.length]!, post);
    complaints.push(...(await stand.complaints(post)));
  }
  return [
    ...complaints,
    ...(await purgeActs(stand.tried)),
    ...(await roleChangeActs(stand.tried)),
    ...(await shownOf(stand, posts)),
  ];
}

async function shownOf(stand: Stand, posts: readonly Post[]): Promise<string[]> {
  const complaints: string[] = [];
  for (const post of posts) complaints.push(...(await stand.complaints(post)));
  return complaints;
}

export const losing33Writes = (stand: Stand): Promise<string[]> => afterLosing(stand, 33);
export const losing100Writes = (stand: Stand): Promise<string[]> => afterLosing(stand, 100);
export const losing500Writes = (stand: Stand): Promise<string[]> => afterLosing(stand, 500);
