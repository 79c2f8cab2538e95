import { setTimeout as sleep } from 'node:timers/promises';
import { BUS, POOL } from '../cluster/cluster.js';
import type { Post, Stand } from './stand.js';

/** Enough time for a commit to be announced. */
const TOLD_MS = 150;
/** Enough time for a request to be sent and its query to start, but less than a claim lasts. */
const UNDER_WAY_MS = 300;

/** Far longer than any wait here: a fill claim lasts 0.25 s, a lease 0.44 s. */
const PATIENCE_MS = 3_000;
/** node-postgres sends it unchanged. */
const COMMIT = 'COMMIT\0';

/**
 * A replica is killed after COMMIT, while it waits for another one that cannot be reached. Its client repeats the write
 * at a third replica, which finds it done. That answer, too, must mean that nobody shows the state before.
 */
export const writerDiesBeforeItsAnswer = (stand: Stand): Promise<string[]> =>
  writerDies(stand, () => () => undefined);

/** … and even before it could announce anything: its COMMIT has happened, but the reply has not arrived. */
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
 * A replica learns of a change, and is killed before its acknowledgement is sent. The writer waits for its lease, which
 * it cannot renew, and nobody else notices anything.
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
 * After a write, a replica is killed while it holds the fill claim. The others neither wait for it nor use an older
 * entry.
 * @throws if it did not hold the claim, because then nothing was tested
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
