import { Client } from 'pg';
import { type Fault, type FaultContext, forAll } from './fault.js';

/** A transaction that every snapshot sees as in progress. */
async function holdTransaction({ cluster, pause }: FaultContext): Promise<void> {
  const client = new Client({ connectionString: cluster.postgres.url, application_name: 'checker' });
  // It ends with the server if another fault stops that.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('BEGIN; SELECT pg_current_xact_id()');
    await pause(3_000, 5_000);
    await client.query('COMMIT');
  } finally {
    await client.end().catch(() => undefined);
  }
}

export const POSTGRES_FAULTS: Readonly<Record<string, Fault>> = {
  'backend-terminated': forAll(async ({ cluster, pause }) => {
    await cluster.postgres.terminateOneBackend();
    await pause(200, 600);
  }),
  'backend-killed': forAll(async ({ cluster, pause }) => {
    await cluster.postgres.killOneBackend();
    await pause(1_000, 2_000);
  }),
  'postgres-stopped': forAll(async ({ cluster, pause }) => {
    await cluster.crashPostgres();
    await pause(0, 1_000);
    await cluster.restartPostgres();
  }),
  'transaction-held': holdTransaction,
};
