import { setTimeout as sleep } from 'node:timers/promises';
import { BUS, POOL } from '../cluster/cluster.js';
import type { Stand } from './stand.js';

/** Enough time for a request to be sent and its query to start. */
const UNDER_WAY_MS = 300;

/** A write overtakes a running load. Callers that arrive after the write do not share the load. */
export async function overtakenLoadIsNotShared(stand: Stand): Promise<string[]> {
  const [first, second] = stand.nodes;
  const post = await stand.newPost();
  const release = first.database.impose(POOL, { stalled: 'replies' });
  const early = stand.read(first, post);
  await sleep(UNDER_WAY_MS);
  await stand.write(second, post);
  const late = stand.read(first, post);
  await sleep(UNDER_WAY_MS);
  release();
  await early;
  return (await late) === 2 ? [] : [`The load from before the write was shared: ${await late}`];
}

/** … nor is its result stored. */
export async function overtakenLoadIsNotKept(stand: Stand): Promise<string[]> {
  const [first, second] = stand.nodes;
  const post = await stand.newPost();
  const release = first.database.impose(POOL, { stalled: 'replies' });
  const early = stand.read(first, post);
  await sleep(UNDER_WAY_MS);
  await stand.write(second, post);
  release();
  await early;
  return stand.complaints(post);
}

/** Two transactions touch a list, and the younger one commits first. A load that saw only that one is not stored. */
export async function loadBetweenTwoCommitsIsNotKept(stand: Stand): Promise<string[]> {
  const [first] = stand.nodes;
  const [older, younger] = [await stand.newPost(), await stand.newPost()];
  const path = '/blog/api/posts?limit=99';
  const olderChange = await stand.hold(older, ['posts']);
  const youngerChange = await stand.hold(younger, ['posts']);
  await youngerChange.commit();
  await stand.untilSafe();
  const release = first.database.impose(POOL, { stalled: 'replies' });
  const early = stand.read(first, older, path);
  await sleep(UNDER_WAY_MS);
  await olderChange.commit();
  await stand.untilSafe();
  release();
  await early;
  return stand.complaints(older, [first], path);
}

/** A load is running, then the bus is cut, then a write is acknowledged. Without a lease, nobody joins that load. */
export async function loadIsNotJoinedWithoutLease(stand: Stand): Promise<string[]> {
  const [first, second] = stand.nodes;
  const post = await stand.newPost();
  const release = first.database.impose(POOL, { stalled: 'replies' });
  const early = stand.read(first, post);
  await sleep(UNDER_WAY_MS);
  const heal = first.database.impose(BUS, { stalled: 'both ways' });
  await stand.write(second, post);
  const late = stand.read(first, post);
  await sleep(UNDER_WAY_MS);
  release();
  await early;
  const version = await late;
  heal();
  return version === 2 ? [] : [`The load from before the write was joined: ${version}`];
}

/** Without a lease, callers share a queued read only if they arrived before it started. */
export async function runningReadIsNotSharedWithoutLease(stand: Stand): Promise<string[]> {
  const [first, second] = stand.nodes;
  const post = await stand.newPost();
  const heal = first.database.impose(BUS, { stalled: 'both ways' });
  await stand.untilSafe();
  const release = first.database.impose(POOL, { stalled: 'replies' });
  const early = stand.read(first, post);
  await sleep(UNDER_WAY_MS);
  await stand.write(second, post);
  const late = [stand.read(first, post), stand.read(first, post)];
  await sleep(UNDER_WAY_MS);
  release();
  await early;
  const versions = await Promise.all(late);
  heal();
  return versions.every((version) => version === 2)
    ? []
    : [`The read from before the write was shared: ${versions.join(', ')}`];
}
