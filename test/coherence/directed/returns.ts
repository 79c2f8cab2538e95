import { setTimeout as sleep } from 'node:timers/promises';
import { Standby } from '../cluster/standby.js';
import { allActs } from '../effects/effects.js';
import { type Post, type Stand } from './stand.js';

const POSTS = 5;
const FOLLOWED_TIMEOUT_MS = 20_000;

/**
 * A primary stands still, another one replaces it, and then the old one continues. Old connections to it still exist,
 * but nothing from it may be read, stored or written. The other one is promoted before the old one stands still, so
 * that there is no time to give up the connections.
 */
export async function oldPrimaryReturns(stand: Stand): Promise<string[]> {
  const { cluster } = stand;
  const posts: Post[] = [];
  for (let i = 0; i < POSTS; i += 1) posts.push(await stand.newPost());
  await stand.warm(...posts);
  const standby = await Standby.of(cluster.postgres);
  const promoted = await standby.promote();
  const former = cluster.postgres.become(promoted);
  former.freeze();
  cluster.moveEndpoint();
  const complaints: string[] = [];
  try {
    await untilFollowed(stand);
    former.thaw();
    for (let round = 0; round < 2; round += 1) {
      for (const post of posts) await (await stand.hold(post)).commit();
      await stand.untilSafe();
      complaints.push(...(await shownOf(stand, posts)));
    }
    for (const [i, post] of posts.entries()) await stand.writeWhenBack(stand.nodes[i % 3]!, post);
    complaints.push(...(await shownOf(stand, posts)), ...(await stand.missing(posts)));
    return [...complaints, ...(await allActs(stand.tried))];
  } finally {
    await former.crash();
    former.folder.remove();
  }
}

/** Resolves when every replica follows the outbox of the new primary. */
async function untilFollowed({ cluster }: Stand): Promise<void> {
  const sql = `SELECT 1 FROM pg_stat_activity WHERE application_name = 'inkwell outbox'`;
  const deadline = Date.now() + FOLLOWED_TIMEOUT_MS;
  while ((await cluster.postgres.query(sql)).length < cluster.nodes.length) {
    if (Date.now() > deadline) throw new Error('Not every replica follows the new primary');
    await sleep(20);
  }
}

async function shownOf(stand: Stand, posts: readonly Post[]): Promise<string[]> {
  const complaints: string[] = [];
  for (const post of posts) complaints.push(...(await stand.complaints(post)));
  return complaints;
}
