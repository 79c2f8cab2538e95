import { BUS } from '../cluster/cluster.js';
import { pruneOutbox } from '../cluster/prune-outbox.js';
import { type Fault, type FaultContext, forAll } from './fault.js';

const EMPTIED_BY = ['DELETE FROM outbox', 'TRUNCATE outbox', 'the pruner'];

/** A replica hears nothing for a while, and the rows that it missed are deleted before it can read them. */
async function pruneEarly({ cluster, random, victim, pause, succession }: FaultContext): Promise<void> {
  const allow = victim.database.impose(BUS, { isRefused: true });
  victim.database.cut(BUS);
  try {
    await pause(500, 1_200);
    const by = random.pick(EMPTIED_BY);
    if (by === 'the pruner') await pruneOutbox(cluster.postgres);
    else await cluster.postgres.query(by);
  } finally {
    allow();
  }
  await pause(300, 800);
  await succession.lookAfterwards('outbox-pruned-early');
}

const STEPS_MS = [2_000, -10_800_000, 10_800_000];

/**
 * PostgreSQL's wall clock is stepped while a replica stands still, and set right again. PostgreSQL's own timeouts may
 * expire by that.
 */
async function stepClock({ clock, random, victim, pause, succession }: FaultContext): Promise<void> {
  if (clock === undefined) throw new Error('PostgreSQL was started without a clock to step');
  const step = random.pick(STEPS_MS);
  victim.replica.freeze();
  try {
    await pause(10, 60);
    clock.step(step);
    await pause(20, 300);
    victim.replica.thaw();
    await pause(300, 800);
    await succession.lookAfterwards('database-clock-step');
  } finally {
    victim.replica.thaw();
    clock.step(-step);
  }
}

export const OUTBOX_FAULTS: Readonly<Record<string, Fault>> = {
  'outbox-pruned-early': pruneEarly,
  'database-clock-step': forAll(stepClock),
};
