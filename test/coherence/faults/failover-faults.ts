import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresProcess } from '../cluster/postgres-process.js';
import { Standby } from '../cluster/standby.js';
import { away, type Fault, type FaultContext } from './fault.js';

/** A sequence is logged 32 values ahead, so ids of the outbox are only assigned again if more writes are lost. */
const LOST_WRITES = [3, 20, 45, 80];
/** After this long, a bus session to a server that stands still has been given up, even on a busy machine. */
const FOLLOWED_TIMEOUT_MS = 30_000;

async function endOf(server: PostgresProcess): Promise<void> {
  await server.crash();
  server.folder.remove();
}

/** The primary is lost with the last writes, which the standby never received. */
async function failOverAsync(context: FaultContext): Promise<void> {
  const { cluster, random, pause, succession } = context;
  const standby = await Standby.of(cluster.postgres);
  await pause(100, 500);
  standby.hold();
  await succession.untilAcknowledged(random.pick(LOST_WRITES));
  await away(context, async () => {
    await cluster.postgres.crash();
    await endOf(await succession.replaceBy(await standby.promote(), 'failover-async', true));
  });
  await succession.lookAfterwards('failover-async');
}

/** The standby has everything acknowledged, whatever the primary was doing. */
async function failOverSync(context: FaultContext): Promise<void> {
  const { cluster, random, pause, succession } = context;
  const standby = await Standby.of(cluster.postgres, true);
  await pause(500, 1_200);
  await away(context, async () => {
    if (random.chance(0.5)) {
      standby.hold();
      await pause(20, 200);
    }
    await cluster.postgres.crash();
    await endOf(await succession.replaceBy(await standby.promote(), 'failover-sync', false));
  });
  await succession.lookAfterwards('failover-sync');
}

/**
 * The primary stands still, another one is promoted, the endpoint moves, and the old one continues with its
 * connections.
 */
async function oldPrimaryReturns(context: FaultContext): Promise<void> {
  const { cluster, random, pause, succession } = context;
  const standby = await Standby.of(cluster.postgres);
  if (random.chance(0.5)) {
    standby.hold();
    await succession.untilAcknowledged(random.pick(LOST_WRITES));
  }
  const former = cluster.postgres.process;
  try {
    await away(context, async () => {
      former.freeze();
      await succession.replaceBy(await standby.promote(), 'old-primary-returns', true);
      await untilFollowed(cluster);
    });
    former.thaw();
    await pause(500, 1_200);
    await succession.lookAfterwards('old-primary-returns');
  } finally {
    await endOf(former);
  }
}

/** A replica that only follows the old primary cannot know about the new one. Fencing is for this case. */
async function untilFollowed({ postgres, reachable }: FaultContext['cluster']): Promise<void> {
  const sql = `SELECT 1 FROM pg_stat_activity WHERE application_name = 'inkwell outbox'`;
  const deadline = Date.now() + FOLLOWED_TIMEOUT_MS;
  while ((await postgres.query(sql)).length < reachable.length) {
    if (Date.now() > deadline) throw new Error('A replica does not follow the new primary');
    await sleep(20);
  }
}

export const FAILOVER_FAULTS: Readonly<Record<string, Fault>> = {
  'failover-async': failOverAsync,
  'failover-sync': failOverSync,
  'old-primary-returns': oldPrimaryReturns,
};
