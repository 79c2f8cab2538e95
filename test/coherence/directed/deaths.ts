import { setTimeout as sleep } from 'node:timers/promises';
import { BUS, POOL } from '../cluster/cluster.js';
import type { Post, Stand } from './stand.js';

/** Time for what was committed to be told. */
const TOLD_MS = 150;
/** Time for a request to be sent and its query to be asked: less than a claim lasts. */
const UNDER_WAY_MS = 300;

/** Nothing here is waited for longer, by far: a claim on a load for 0.25 s, a lease for 0.44 s. */
const PATIENCE_MS = 3_000;
/** node-postgres sends it as it is. */
const COMMIT = 'COMMIT\0';

/**
 * A replica is killed after COMMIT, while it waits for another one that cannot be reached. Its client sends the same write
 * again to a third one, which finds it done: that answer, too, says that nobody shows the state before.
 */
export const writerDiesBeforeItsAnswer = (stand: Stand): Promise<string[]> =>
  writerDies(stand, () => () => undefined);

/** ... and even before it could tell anybody: its COMMIT has happened, but not its reply. */
export const writerDiesBeforeItsAnnouncement = (stand: Stand): Promise<string[]> =>
  writerDies(stand, ({ nodes: [first] }) => first.database.impose(POOL, { stalledFrom: COMMIT }));

async function writerDies(stand: Stand, prepare: (stand: Stand) => () => void): Promise<string[]> {
  const [first, second, third] = stand.nodes;
  const post = await stand.newPost();
  await stand.warm(post);
  const release = prepare(stand);
  const heal = second.database.impose(BUS, { stalled: 'both ways' });
  const lost = stand.write(first, post).catch(() => undefined);
  await untilCommitted(stand, post);
  await first.replica.kill();
  release();
  await lost;
  await stand.writeAgain(third, post);
  const complaints = await stand.complaints(post, [second, third]);
  heal();
  await first.replica.start();
  return [...complaints, ...(await stand.complaints(post))];
}

async function untilCommitted({ cluster }: Stand, { id, register, version }: Post): Promise<void> {
  const sql = 'SELECT 1 FROM posts WHERE id = $1 AND title = $2';
  while ((await cluster.postgres.query(sql, [id, register.mark(version)])).length === 0) await sleep(5);
}

/**
 * A replica hears of a change, and is killed before its acknowledgement gets out. The writer waits for its lease, which it
 * cannot renew, and nobody else notices anything.
 */
export async function readerDiesBeforeItsAcknowledgement(stand: Stand): Promise<string[]> {
  const [first, second, third] = stand.nodes;
  const post = await stand.newPost();
  await stand.warm(post);
  const heal = second.database.impose(BUS, { stalled: 'requests' });
  const written = stand.write(first, post);
  await untilCommitted(stand, post);
  await sleep(TOLD_MS);
  await second.replica.kill();
  heal();
  await written;
  const complaints = await stand.complaints(post, [first, third]);
  await second.replica.start();
  return [...complaints, ...(await stand.complaints(post))];
}

/**
 * A replica is killed while it loads for all of them what a write has made old: the others do not wait for it, nor take what
 * it had.
 * @throws when it did not hold the claim on that load, so that nothing was tested
 */
export async function fillerDies(stand: Stand): Promise<string[]> {
  const [first, second, third] = stand.nodes;
  const post = await stand.newPost();
  await stand.warm(post);
  await stand.write(second, post);
  const release = first.database.impose(POOL, { stalled: 'replies' });
  const lost = stand.read(first, post).catch(() => 0);
  await sleep(UNDER_WAY_MS);
  const claims = await stand.cluster.redisKeys(claimsOn(post));
  await first.replica.kill();
  release();
  await lost;
  const beganMs = performance.now();
  const complaints = await stand.complaints(post, [second, third]);
  const tookMs = performance.now() - beganMs;
  if (tookMs > PATIENCE_MS) complaints.push(`The others waited ${Math.round(tookMs)} ms for a dead replica`);
  await stand.write(second, post);
  complaints.push(...(await stand.complaints(post, [second, third])));
  await first.replica.start();
  if (claims.length === 0) throw new Error('The replica that was killed held no claim');
  return [...complaints, ...(await stand.complaints(post))];
}

/** Named after a transaction: `fill:885:…["id","1"]…`. */
const claimsOn = ({ id }: Post): string => `*:fill:[1-9]*"id","${id}"*`;
