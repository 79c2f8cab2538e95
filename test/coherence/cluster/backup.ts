import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { DataFolder } from './data-folder.js';
import type { PostgresProcess } from './postgres-process.js';
import type { PostgresServer, Settings } from './postgres-server.js';

/** A copy of a running server, as pg_basebackup makes it. The log from its beginning on comes from the archive. */
export async function baseBackup(server: PostgresProcess): Promise<DataFolder> {
  const client = new Client({ connectionString: server.url, application_name: 'checker' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    // The session that starts a backup must end it.
    await client.query(`SELECT pg_backup_start('checker', fast => true)`);
    const copy = await server.folder.baseCopy();
    const { rows } = await client.query<{ label: string }>(
      'SELECT labelfile AS label FROM pg_backup_stop(wait_for_archive => false)',
    );
    copy.write('backup_label', rows[0]!.label);
    return copy;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Resolves when the whole log up to now is in the archive. */
export async function archiveAll(server: PostgresProcess): Promise<void> {
  // An empty file is not switched, and one whose end is not flushed is not archived.
  const commit = `SELECT pg_logical_emit_message(true, 'checker', 'commits')`;
  await server.query(commit);
  const [row] = await server.query<{ file: string }>('SELECT pg_walfile_name(pg_switch_wal()) AS file');
  await server.query(commit);
  const sql = `SELECT 1 FROM pg_stat_archiver WHERE last_archived_wal >= '${row!.file}'`;
  while ((await server.query(sql)).length === 0) await sleep(20);
}

const isRecovering = async (server: PostgresProcess): Promise<boolean> =>
  (await server.query<{ yes: boolean }>('SELECT pg_is_in_recovery() AS yes'))[0]!.yes;

/**
 * Starts a server on a backup and the archive of the previous server.
 * @param target how far to recover
 * @returns it, once it accepts writes
 */
export async function restoreBackup(
  postgres: PostgresServer,
  copy: DataFolder,
  target: Settings,
): Promise<PostgresProcess> {
  copy.write('recovery.signal', '');
  const restored = await postgres.startOn(copy, {
    restore_command: `cp "${postgres.process.folder.archive}/%f" "%p"`,
    recovery_target_action: 'promote',
    ...target,
  });
  while (await isRecovering(restored)) await sleep(20);
  return restored;
}
