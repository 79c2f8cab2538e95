import type { Housekeeping } from '../../../src/platform/database/housekeeping.js';
import { OutboxPruner } from '../../../src/platform/outbox/outbox-pruner.js';
import type { PostgresServer } from './postgres-server.js';

/** Runs now what replicas do every ten minutes, as if the server's clock had been three hours slow until now. */
export async function pruneOutbox(postgres: PostgresServer): Promise<void> {
  await postgres.query(`UPDATE outbox SET created_at = created_at - interval '3 hours'`);
  const statements: string[] = [];
  const housekeeping = { register: (_: string, sql: string) => void statements.push(sql) };
  void new OutboxPruner(housekeeping as unknown as Housekeeping);
  for (const sql of statements) await postgres.query(sql);
}
