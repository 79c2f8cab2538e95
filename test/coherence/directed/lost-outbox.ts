import { BUS } from '../cluster/cluster.js';
import { pruneOutbox } from '../cluster/prune-outbox.js';
import { demote, logInAs, mayWrite, promote } from '../effects/effects.js';
import type { Stand } from './stand.js';

/** The sessions of a demoted author live longer in Redis than the outbox keeps the rows that reject them. */
export const LONG_SESSIONS = { CACHE_TTL_SESSION_SECONDS: '86400' };

/**
 * The outbox no longer has the rows that make an entry of Redis outdated. A new process uses neither the session of a
 * demoted author nor an old post from Redis.
 */
export async function prunedRowsRejectNothing(stand: Stand): Promise<string[]> {
  const [first, second, third] = stand.nodes;
  const post = await stand.newPost();
  await stand.warm(post);
  const token = await logInAs(stand.tried, first);
  const complaints = (await mayWrite(stand.tried, first, token)) ? [] : ['An author may not write'];
  await stand.write(second, post);
  await demote(stand.tried);
  await pruneOutbox(stand.cluster.postgres);
  await third.replica.kill();
  await third.replica.start();
  complaints.push(...(await stand.complaints(post, [third])));
  if (await mayWrite(stand.tried, third, token)) complaints.push('A reader may write at a new process');
  await promote(stand.tried);
  return [...complaints, ...(await stand.complaints(post))];
}

const emptiedBy =
  (sql: string) =>
  async (stand: Stand): Promise<string[]> => {
    const [first, , third] = stand.nodes;
    const post = await stand.newPost();
    await stand.warm(post);
    const allow = third.database.impose(BUS, { isRefused: true });
    third.database.cut(BUS);
    await stand.write(first, post);
    await stand.cluster.postgres.query(sql);
    allow();
    await stand.untilServing();
    return stand.complaints(post);
  };

/** A replica missed a notification, and the rows are deleted before it can read them. */
export const rowsDeletedByHandAreMissed = emptiedBy('DELETE FROM outbox');
/** … or all rows are deleted at once. */
export const truncatedOutboxIsMissed = emptiedBy('TRUNCATE outbox');
