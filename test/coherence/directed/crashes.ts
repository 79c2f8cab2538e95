import { BUS } from '../cluster/cluster.js';
import type { Stand } from './stand.js';

/** For the server of these scenarios: a crash loses what is not flushed, including transaction ids. */
export const FORGETFUL = { wal_writer_delay: '10s', checkpoint_timeout: '1h' };

const BURN_TRANSACTION_IDS = `
  DO $$ BEGIN FOR i IN 1..3000 LOOP PERFORM pg_current_xact_id(); ROLLBACK; END LOOP; END $$`;

const nextXid = async (stand: Stand): Promise<number> => {
  const [row] = await stand.cluster.postgres.query<{ xid: string }>(
    'SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS xid',
  );
  return Number(row!.xid);
};

/**
 * In a crash, PostgreSQL forgets transaction ids and assigns them again. Redis and the replicas still hold answers with
 * snapshots from before, which seem to see what is written after it.
 * @throws if no id was assigned again, because then nothing was tested
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
  // Without a lease nothing is read from Redis.
  await stand.untilServing();
  await stand.writeWhenBack(stand.nodes[0], post);
  return stand.complaints(post);
}

/**
 * PostgreSQL recovers so fast that a lease from before the crash has not run out. Its holder is in no table any more,
 * so a writer must not answer before the lease must have run out.
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
    await stand.writeWhenBack(stand.nodes[0], post);
    complaints.push(...(await stand.complaints(post, [second])));
    heal();
    await stand.untilSafe();
  }
  return complaints;
}
