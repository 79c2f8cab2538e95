import { Client } from 'pg';
import { archiveAll, baseBackup, restoreBackup } from '../cluster/backup.js';
import { Dump } from '../cluster/dump.js';
import type { PostgresProcess } from '../cluster/postgres-process.js';
import type { VersionOf } from '../history/histories.js';
import { versionsIn } from '../history/truth.js';
import { away, type Fault, type FaultContext } from './fault.js';

const LOST_WRITES = [3, 20, 45, 80];

async function endOf(server: PostgresProcess): Promise<void> {
  await server.stop();
  server.folder.remove();
}

/** A copy and the archived log, up to a moment after which more was acknowledged. */
async function restoreToPointInTime(context: FaultContext): Promise<void> {
  const { cluster, random, pause, succession } = context;
  const { process } = cluster.postgres;
  const copy = await baseBackup(process);
  await pause(200, 800);
  const [row] = await process.query<{ lsn: string }>('SELECT pg_current_wal_insert_lsn()::text AS lsn');
  await succession.untilAcknowledged(random.pick(LOST_WRITES));
  await archiveAll(process);
  await away(context, async () => {
    await (random.chance(0.5) ? process.stop() : process.crash());
    const restored = await restoreBackup(cluster.postgres, copy, { recovery_target_lsn: row!.lsn });
    await endOf(await succession.replaceBy(restored, 'pitr', true));
  });
  await succession.lookAfterwards('pitr');
}

/** The folder is put back as it was when the server was last stopped, with everything that a clean stop keeps. */
async function putColdCopyBack(context: FaultContext): Promise<void> {
  const { cluster, random, succession } = context;
  const copy = await away(context, () => cluster.coldCopy());
  await succession.untilAcknowledged(random.pick(LOST_WRITES));
  await away(context, async () => {
    await cluster.postgres.process.stop();
    const restored = await cluster.postgres.startOn(copy);
    await endOf(await succession.replaceBy(restored, 'cold-copy', true));
  });
  await succession.lookAfterwards('cold-copy');
}

/** In place and in a single transaction, so that sessions stay, including the bus. */
async function restoreDump(context: FaultContext): Promise<void> {
  const { cluster, random, succession } = context;
  const { process } = cluster.postgres;
  const { dump, versionOf } = await dumpOf(process);
  await succession.untilAcknowledged(random.pick(LOST_WRITES));
  await away(context, () =>
    dump.restore(() => {
      succession.histories.replace(versionOf, 'dump-restore', true);
      return succession.tidying;
    }),
  );
  succession.histories.settle();
  await succession.lookAfterwards('dump-restore');
}

/** @returns the server, and the versions it has */
async function dumpOf(process: PostgresProcess): Promise<{ dump: Dump; versionOf: VersionOf }> {
  const client = new Client({ connectionString: process.url, application_name: 'checker' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    const { rows } = await client.query<{ name: string }>('SELECT pg_export_snapshot() AS name');
    const versionOf = await versionsIn(
      async <R extends object>(sql: string) => (await client.query<R>(sql)).rows,
    );
    return { dump: await Dump.of(process, rows[0]!.name), versionOf };
  } finally {
    await client.end();
  }
}

export const RESTORE_FAULTS: Readonly<Record<string, Fault>> = {
  pitr: restoreToPointInTime,
  'cold-copy': putColdCopyBack,
  'dump-restore': restoreDump,
};
