import { setTimeout as sleep } from 'node:timers/promises';
import { BUS } from '../cluster/cluster.js';
import type { Post, Stand } from './stand.js';

const REJOIN_MS = 1_500;

/** A replica with everything in memory is stopped, and answers requests from that time when it continues. */
export async function frozenReplicaWakesUp(stand: Stand): Promise<string[]> {
  const [first, , third] = stand.nodes;
  const complaints: string[] = [];
  for (let i = 0; i < 5; i += 1) {
    const post = await stand.newPost();
    await stand.warm(post);
    third.replica.freeze();
    await stand.write(first, post);
    const asked = stand.complaints(post, [third]);
    await sleep(100);
    third.replica.thaw();
    complaints.push(...(await asked));
  }
  return complaints;
}

/** A replica loses its bus session for a while. It learns what it missed before it uses its caches again. */
export async function missedChangesAreLearnt(stand: Stand): Promise<string[]> {
  const [first, second] = stand.nodes;
  const post = await stand.newPost();
  await stand.warm(post);
  const allow = first.database.impose(BUS, { isRefused: true });
  first.database.cut(BUS);
  await sleep(200);
  await stand.write(second, post);
  allow();
  const complaints: string[] = [];
  for (const until = performance.now() + REJOIN_MS; performance.now() < until; await sleep(20))
    complaints.push(...(await stand.complaints(post, [first])));
  return complaints;
}

/** Nothing gets through to a replica or from it, and then everything arrives late. */
export async function silentBusIsNoticed(stand: Stand): Promise<string[]> {
  const [first, second] = stand.nodes;
  const post = await stand.newPost();
  await stand.warm(post);
  const heal = first.database.impose(BUS, { stalled: 'both ways' });
  await stand.write(second, post);
  const complaints = await stand.complaints(post);
  heal();
  await sleep(100);
  return [...complaints, ...(await stand.complaints(post))];
}

/** Transactions commit in another order than they began, and nobody is notified. Polling alone finds both. */
export async function commitsOutOfOrderAreFound(stand: Stand): Promise<string[]> {
  const [older, younger] = [await stand.newPost(), await stand.newPost()];
  await stand.warm(older, younger);
  const olderChange = await stand.hold(older);
  const youngerChange = await stand.hold(younger);
  await youngerChange.commit();
  await stand.untilSafe();
  const complaints = await stand.complaints(younger);
  await olderChange.commit();
  await stand.untilSafe();
  return [...complaints, ...(await stand.complaints(older))];
}

/**
 * A replica whose lease has run out joins again over a slow link, while another one writes. Once it is registered, the
 * writer waits for it, so it must read the changes after that. The third is stopped, so nobody waits for it.
 */
export async function nothingFallsBetweenRegisteringAndAsking(stand: Stand): Promise<string[]> {
  const [first, second, third] = stand.nodes;
  const posts: Post[] = [];
  for (let i = 0; i < 40; i += 1) posts.push(await stand.newPost());
  await stand.warm(...posts);
  third.replica.freeze();
  const allow = first.database.impose(BUS, { isRefused: true });
  first.database.cut(BUS);
  await stand.untilSafe();
  const hasten = first.database.impose(BUS, { delayMs: 40 });
  allow();
  const watches: Promise<string[]>[] = [];
  for (const post of posts) {
    await stand.write(second, post);
    watches.push(watch(stand, post));
    await sleep(10);
  }
  const complaints = await Promise.all(watches);
  hasten();
  third.replica.thaw();
  return complaints.flat();
}

/** Reads a post from the first replica for a while. */
async function watch(stand: Stand, post: Post): Promise<string[]> {
  const complaints: string[] = [];
  for (const until = performance.now() + 700; performance.now() < until; await sleep(25))
    complaints.push(...(await stand.complaints(post, [stand.nodes[0]])));
  return complaints;
}
