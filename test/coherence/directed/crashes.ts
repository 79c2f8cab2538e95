import { setTimeout as sleep } from 'node:timers/promises';
import { BUS } from '../cluster/cluster.js';
import type { Post, Stand } from './stand.js';

const BACK_TIMEOUT_MS = 30_000;

/** For the server that these need: what is not flushed at a crash is lost, transaction ids with it. */
export const FORGETFUL = { wal_writer_delay: '10s', checkpoint_timeout: '1h' };

const BURN_TRANSACTION_IDS = `
  DO $$ BEGIN FOR i IN 1..3000 LOOP PERFORM pg_current_xact_id(); ROLLBACK; END LOOP; END $$`;

const nextXid = async (stand: Stand): Promise<number> => {
  const [row] = await stand.cluster.postgres.query<{ xid: string }>(
    'SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS xid',
  );
  return Number(row!.xid);
};

/** Sends the next version until the replica can reach PostgreSQL again. */
async function writeWhenBack(stand: Stand, post: Post): Promise<void> {
  post.version += 1;
  for (const deadline = Date.now() + BACK_TIMEOUT_MS; ; await sleep(20)) {
    try {
      return await stand.writeAgain(stand.nodes[0], post);
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

/**
 * PostgreSQL forgets transaction ids in a crash and gives them out again, while Redis and the replicas keep answers with
 * snapshots from before, which seem to see what is written after it.
 * @throws when no id came again, so that nothing was tested
 */
export async function transactionIdsComeAgain(stand: Stand): Promise<string[]> {
  const post = await stand.newPost();
  await stand.cluster.postgres.query('CHECKPOINT');
  await stand.cluster.postgres.query(BURN_TRANSACTION_IDS);
  await stand.warm(post);
  const before = await nextXid(stand);
  await stand.cluster.crashPostgres();
  await stand.cluster.restartPostgres();
  const after = await nextXid(stand);
  if (after >= before)
    throw new Error(`No transaction id came again: ${before} before the crash, ${after} after`);
  await writeWhenBack(stand, post);
  return stand.complaints(post);
}

/**
 * PostgreSQL recovers so quickly that a lease from before the crash still runs, whose holder is in no table any more:
 * a writer does not answer before it must have run out.
 */
export async function leaseOutlivesCrash(stand: Stand): Promise<string[]> {
  const [, second] = stand.nodes;
  const complaints: string[] = [];
  for (let round = 0; round < 3 && complaints.length === 0; round += 1) {
    const post = await stand.newPost();
    await stand.warm(post);
    second.database.halfOpen(BUS);
    const heal = second.database.impose(BUS, { isRefused: true });
    await stand.cluster.postgres.killOneBackend();
    await writeWhenBack(stand, post);
    complaints.push(...(await stand.complaints(post, [second])));
    heal();
    await stand.untilSafe();
  }
  return complaints;
}
