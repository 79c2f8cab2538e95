import { archiveAll, baseBackup, restoreBackup } from '../cluster/backup.js';
import type { Node } from '../cluster/cluster.js';
import type { PostgresProcess } from '../cluster/postgres-process.js';
import { DataFolder } from '../cluster/data-folder.js';
import { Dump } from '../cluster/dump.js';
import { allActs, purgeActs } from '../effects/effects.js';
import type { Post, Stand } from './stand.js';

/** Shell commands, each with the address of a database. */
export interface Commands {
  readonly dump: (url: string) => Promise<void>;
  readonly restore: (url: string) => Promise<void>;
}

const POSTS = 5;
const WRITES = 15;

async function somePosts(stand: Stand): Promise<Post[]> {
  const posts: Post[] = [];
  for (let i = 0; i < POSTS; i += 1) posts.push(await stand.newPost());
  await stand.warm(...posts);
  return posts;
}

/** Writes that the following restore loses after their acknowledgement. @returns the versions from before */
async function write(stand: Stand, posts: readonly Post[], count = WRITES): Promise<number[]> {
  const kept = posts.map(({ version }) => version);
  for (let i = 0; i < count; i += 1)
    await stand.writeWhenBack(stand.nodes[i % stand.nodes.length]!, posts[i % posts.length]!);
  await stand.warm(...posts);
  return kept;
}

const restore = (posts: readonly Post[], kept: readonly number[]): void =>
  posts.forEach((post, i) => (post.version = kept[i]!));

async function shownOf(
  stand: Stand,
  posts: readonly Post[],
  nodes: readonly Node[] = stand.nodes,
): Promise<string[]> {
  const complaints: string[] = [];
  for (const post of posts) complaints.push(...(await stand.complaints(post, nodes)));
  return complaints;
}

/**
 * A cold copy of the database is put back. A clean stop keeps unlogged tables, and the copy has the identity of the
 * original. Even without a write, nobody shows what came after the copy, a new process does not use Redis, and all
 * changes take effect.
 */
export async function coldCopyPutBack(stand: Stand): Promise<string[]> {
  const { cluster } = stand;
  const posts = await somePosts(stand);
  const copy = await cluster.coldCopy();
  const kept = await write(stand, posts);
  await cluster.postgres.process.stop();
  const former = cluster.postgres.become(await cluster.postgres.startOn(copy));
  cluster.moveEndpoint();
  former.folder.remove();
  restore(posts, kept);
  await stand.untilServing();
  const complaints = await shownOf(stand, posts);
  const [, , third] = stand.nodes;
  await third.replica.kill();
  await third.replica.start();
  complaints.push(...(await shownOf(stand, posts, [third])), ...(await purgeActs(stand.tried)));
  complaints.push(...(await shownOf(stand, posts)));
  await write(stand, posts, POSTS);
  return [...complaints, ...(await shownOf(stand, posts)), ...(await allActs(stand.tried))];
}

/** Waits until the replicas serve. @returns what they show wrongly, then and after the next writes */
async function wrongAfter(stand: Stand, posts: readonly Post[], kept: readonly number[]): Promise<string[]> {
  restore(posts, kept);
  await stand.untilServing();
  const complaints = await shownOf(stand, posts);
  await write(stand, posts, POSTS);
  return [...complaints, ...(await shownOf(stand, posts)), ...(await allActs(stand.tried))];
}

/**
 * The old server is stopped, and its address leads to the new one, while the replicas keep running.
 * @returns what they show wrongly
 */
async function moveTo(
  stand: Stand,
  restored: PostgresProcess,
  posts: readonly Post[],
  kept: readonly number[],
): Promise<string[]> {
  const { cluster } = stand;
  const former = cluster.postgres.become(restored);
  cluster.moveEndpoint();
  await former.stop();
  former.folder.remove();
  return wrongAfter(stand, posts, kept);
}

/** A backup of the running server, as pg_basebackup makes it, and its archived log are restored on a new one. */
export async function backupRestoredOnANewServer(stand: Stand): Promise<string[]> {
  const { postgres } = stand.cluster;
  const posts = await somePosts(stand);
  const copy = await baseBackup(postgres.process);
  await archiveAll(postgres.process);
  const kept = await write(stand, posts);
  // The moment when the backup ended.
  const restored = await restoreBackup(postgres, copy, { recovery_target: 'immediate' });
  return moveTo(stand, restored, posts, kept);
}

/**
 * A command takes a dump, and other commands restore it on a new server, where the role has the same password.
 * @param commands run with the address of the database
 */
export async function dumpRestoredOnANewServer(stand: Stand, commands: Commands): Promise<string[]> {
  const { postgres } = stand.cluster;
  const posts = await somePosts(stand);
  await commands.dump(postgres.url);
  const kept = await write(stand, posts);
  const restored = await postgres.startOn(await DataFolder.create(postgres.process.folder.installation));
  await commands.restore(restored.url);
  return moveTo(stand, restored, posts, kept);
}

/** A command restores a dump in place, in a single transaction. The replicas' sessions stay. */
export async function dumpRestoredByCommandInPlace(stand: Stand, commands: Commands): Promise<string[]> {
  const { url } = stand.cluster.postgres;
  return dumpRestored(stand, { dump: () => commands.dump(url), restore: () => commands.restore(url) });
}

async function dumpRestored(
  stand: Stand,
  { dump, restore: putBack }: { readonly dump: () => Promise<void>; readonly restore: () => Promise<void> },
): Promise<string[]> {
  const posts = await somePosts(stand);
  await dump();
  const kept = await write(stand, posts);
  await putBack();
  return wrongAfter(stand, posts, kept);
}

/** The same with pg_dump and psql. */
export async function dumpRestoredInPlace(stand: Stand): Promise<string[]> {
  let taken: Dump | undefined;
  return dumpRestored(stand, {
    dump: async () => void (taken = await Dump.of(stand.cluster.postgres.process)),
    restore: () => taken!.restore(),
  });
}

/**
 * A copy of the database is started next to it, with a replica of its own on the same Redis. Both continue
 * independently.
 */
export async function cloneBeside(stand: Stand): Promise<string[]> {
  const { cluster } = stand;
  const posts = await somePosts(stand);
  const clone = await cluster.postgres.startOn(await cluster.coldCopy());
  const node = await stand.startBeside(clone);
  const copies = posts.map((post) => ({ ...post, sent: post.sent + 1_000 }));
  const complaints: string[] = [];
  try {
    for (let round = 0; round < 4; round += 1) {
      await write(stand, posts, POSTS);
      complaints.push(...(await shownOf(stand, posts)), ...(await shownOf(stand, copies, [node])));
      for (const copy of copies) await stand.writeWhenBack(node, copy);
      complaints.push(...(await shownOf(stand, copies, [node])), ...(await shownOf(stand, posts)));
    }
    await node.replica.kill();
    await node.replica.start();
    complaints.push(...(await shownOf(stand, copies, [node])));
  } finally {
    await stand.stopBeside(node);
    await clone.stop();
    clone.folder.remove();
  }
  return complaints;
}
