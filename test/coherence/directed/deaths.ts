import { setTimeout as sleep } from 'node:timers/promises';
import { BUS, POOL } from '../cluster/cluster.js';
import type { Stand } from './stand.js';

/** Time for a request to be sent, and its change to be committed. */
const COMMITTED_MS = 150;

/**
 * A replica is killed after COMMIT, while it waits for another one that cannot be reached. Its client sends the same write
 * again to a third one, which finds it done: that answer, too, says that nobody shows the state before.
 */
export async function writerDiesBeforeItsAnswer(stand: Stand): Promise<string[]> {
  const [first, second, third] = stand.nodes;
  const post = await stand.newPost();
  await stand.warm(post);
  const heal = second.database.impose(BUS, { stalled: 'both ways' });
  const lost = stand.write(first, post).catch(() => undefined);
  await sleep(COMMITTED_MS);
  await first.replica.kill();
  await lost;
  await stand.writeAgain(third, post);
  const complaints = await stand.complaints(post, [second, third]);
  heal();
  await first.replica.start();
  return [...complaints, ...(await stand.complaints(post))];
}

/** A replica is killed while it loads an answer for all of them: the others do not wait for it, nor take what it had. */
export async function fillerDies(stand: Stand): Promise<string[]> {
  const [first, second, third] = stand.nodes;
  const post = await stand.newPost();
  const release = first.database.impose(POOL, { stalled: 'replies' });
  const lost = stand.read(first, post).catch(() => 0);
  await sleep(300);
  await first.replica.kill();
  release();
  await lost;
  const beganMs = performance.now();
  const complaints = await stand.complaints(post, [second, third]);
  const tookMs = performance.now() - beganMs;
  if (tookMs > 3_000) complaints.push(`The others waited ${Math.round(tookMs)} ms for a dead replica`);
  await stand.write(second, post);
  complaints.push(...(await stand.complaints(post, [second, third])));
  await first.replica.start();
  return [...complaints, ...(await stand.complaints(post))];
}
