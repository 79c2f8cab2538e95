import { Client } from 'pg';
import type { Fault, FaultContext } from './fault.js';

const OURS = `datname = 'inkwell' AND application_name LIKE 'inkwell%'`;

/** All replicas may say that PostgreSQL is away. */
const forAll =
  (fault: Fault): Fault =>
  async (context) => {
    const end = context.trouble.begin(context.cluster.nodes);
    try {
      await fault(context);
    } finally {
      end();
    }
  };

async function terminateOne({ cluster, pause }: FaultContext): Promise<void> {
  const sql = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${OURS} ORDER BY random() LIMIT 1`;
  await cluster.postgres.query(sql);
  await pause(200, 600);
}

/** The postmaster then ends every session and recovers, without ending itself. */
async function killOne({ cluster, pause }: FaultContext): Promise<void> {
  const sql = `SELECT pid FROM pg_stat_activity WHERE ${OURS} ORDER BY random() LIMIT 1`;
  const [row] = await cluster.postgres.query<{ pid: number }>(sql);
  if (row !== undefined) process.kill(row.pid, 'SIGKILL');
  await pause(1_000, 2_000);
}

/** Snapshots have it in progress all the time. */
async function holdTransaction({ cluster, pause }: FaultContext): Promise<void> {
  const client = new Client({ connectionString: cluster.postgres.url, application_name: 'checker' });
  // It ends with the server, when another fault stops that.
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
  'backend-terminated': forAll(terminateOne),
  'backend-killed': forAll(killOne),
  'postgres-stopped': forAll(async ({ cluster, pause }) => {
    await cluster.crashPostgres();
    await pause(0, 1_000);
    await cluster.restartPostgres();
  }),
  'transaction-held': holdTransaction,
};
