// Sends statements through the application's pool, like misses, and prints how many bytes of them reached the old
// generation. Argument: the address of the database.
import { getHeapSpaceStatistics } from 'node:v8';
import { measuredDriver } from '../../dist/platform/database/pool.js';
import { queriesFor } from '../../dist/platform/database/query-purpose.js';

const CALLERS = 10;
const STATEMENTS = 1_000;

const pool = new measuredDriver.Pool({ connectionString: process.argv[2], max: 5 });
const statement = { name: 'text', text: `SELECT repeat('x', $1::integer) AS text`, values: [8_000] };

const inOldSpace = () => {
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space');
  return space.space_used_size;
};

async function ask(times) {
  for (let i = 0; i < times; i += 1) await queriesFor('fill', () => pool.query(statement));
}

const askTogether = () => Promise.all(Array.from({ length: CALLERS }, () => ask(STATEMENTS / CALLERS)));

await askTogether();
globalThis.gc();
const before = inOldSpace();
for (let i = 0; i < 3; i += 1) await askTogether();
process.stdout.write(JSON.stringify({ statements: 3 * STATEMENTS, bytes: inOldSpace() - before }));
await pool.end();
