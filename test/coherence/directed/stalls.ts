import { setTimeout as sleep } from 'node:timers/promises';
import type { Node } from '../cluster/cluster.js';
import type { Post, Stand } from './stand.js';
import { type Trouble, TROUBLES } from './troubles.js';

/** A server that records when each transaction was committed. */
export const TIMED = { track_commit_timestamp: 'on' };

/** The part of a lease's length in which it is renewed, so that troubles start at every phase of it. */
const PHASE_MS = 100;
const TROUBLED_MS = 1_000;
/** Enough time for all replicas to hold a lease again. */
const HEALED_MS = 800;
/** Light enough for the machine never to be the bottleneck. */
const WRITE_PAUSE_MS = 25;
const READ_PAUSE_MS = 20;
const LIST = '/blog/api/posts?limit=99';

/** The waits of clients of the unaffected replicas. */
export interface Stalls {
  writes: number;
  /** From the COMMIT, by PostgreSQL's timestamp, to the answer. */
  longestWriteMs: number;
  reads: number;
  longestReadMs: number;
  /** Answers other than 2xx and lost connections, a line each. */
  readonly refused: string[];
}

/**
 * Before it is healed, because a write that waits for it would wait for ever. Troubles that take long to heal are
 * excluded.
 */
export async function othersTroubleHoldsNobodyUp(stand: Stand): Promise<string[]> {
  const [first, second] = stand.nodes;
  const complaints: string[] = [];
  for (const { begin } of TROUBLES.filter(({ isAnothers, isQuick }) => isAnothers && isQuick)) {
    const post = await stand.newPost();
    await stand.warm(post);
    const heal = await begin(stand);
    await stand.write(first, post);
    complaints.push(...(await stand.complaints(post, [first, second])));
    await heal();
  }
  return complaints;
}

interface Load {
  readonly stand: Stand;
  readonly posts: readonly Post[];
  readonly stalls: Stalls;
  readonly isOver: () => boolean;
}

/** Writes one after another at the first two replicas, and reads the result and the list at all three. */
export async function stallsDuring(stand: Stand, { begin }: Trouble, rounds: number): Promise<Stalls> {
  const posts = [await stand.newPost(), await stand.newPost()];
  await stand.warm(...posts);
  const stalls: Stalls = { writes: 0, longestWriteMs: 0, reads: 0, longestReadMs: 0, refused: [] };
  for (let round = 0; round < rounds; round += 1) {
    let isOver = false;
    const load: Load = { stand, posts, stalls, isOver: () => isOver };
    const clients = Promise.all([...writersOf(load), ...readersOf(load)]);
    try {
      await sleep((PHASE_MS * round) / rounds);
      const heal = await begin(stand);
      await sleep(TROUBLED_MS);
      await heal();
      await sleep(HEALED_MS);
    } finally {
      isOver = true;
      await clients;
    }
  }
  return stalls;
}

const writersOf = (load: Load): Promise<void>[] =>
  load.posts.map((post, i) => write(load, load.stand.nodes[i]!, post));

async function write({ stand, stalls, isOver }: Load, node: Node, post: Post): Promise<void> {
  for (; !isOver(); await sleep(WRITE_PAUSE_MS)) {
    try {
      await stand.write(node, post);
      const answeredAtMs = Date.now();
      const stalledMs = answeredAtMs - (await committedAtMs(stand, post));
      stalls.writes += 1;
      stalls.longestWriteMs = Math.max(stalls.longestWriteMs, stalledMs);
    } catch (error) {
      stalls.refused.push((error as Error).message);
    }
  }
}

/** By the clock of this machine, which PostgreSQL and the clients share. */
async function committedAtMs({ cluster }: Stand, { id }: Post): Promise<number> {
  const sql = `SELECT (extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000)::float8 AS ms FROM posts WHERE id = $1`;
  const [row] = await cluster.postgres.query<{ ms: number }>(sql, [id]);
  return row!.ms;
}

/**
 * Requests at the third replica add load but are not judged: it is in trouble, and may hold a load that others want,
 * too.
 */
function readersOf(load: Load): Promise<void>[] {
  const [first, second, third] = load.stand.nodes;
  const paths = [LIST, ...load.posts.map(({ path }) => path)];
  return paths.flatMap((path) => [
    read(load, first, path),
    read(load, second, path),
    read(
      { ...load, stalls: { writes: 0, longestWriteMs: 0, reads: 0, longestReadMs: 0, refused: [] } },
      third,
      path,
    ),
  ]);
}

async function read({ stand, stalls, isOver }: Load, node: Node, path: string): Promise<void> {
  for (; !isOver(); await sleep(READ_PAUSE_MS)) {
    const beganMs = performance.now();
    try {
      const { status } = await stand.ask(node, path);
      stalls.reads += 1;
      stalls.longestReadMs = Math.max(stalls.longestReadMs, performance.now() - beganMs);
      if (status !== 200) stalls.refused.push(`GET ${path} is ${status}`);
    } catch (error) {
      stalls.refused.push(`GET ${path}: ${(error as Error).message}`);
    }
  }
}
