import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { COMPILED } from '../../support/compiled.js';
import { AUTH_SECRET, type Cluster } from './cluster.js';

const run = promisify(execFile);
const TIMEOUT_MS = 60_000;
const ATTEMPTS = 3;

/**
 * Runs a command like an operator, on the replicas' database, and again if its session was terminated.
 * @throws an error with its output if it keeps failing
 */
export async function runCommand({ script, postgres }: Cluster, ...words: readonly string[]): Promise<void> {
  const env = {
    PATH: process.env['PATH'],
    ...COMPILED,
    NODE_ENV: 'production',
    AUTH_SECRET,
    DATABASE_URL: postgres.url,
  };
  const command = [join(dirname(script), 'cli', 'main.js'), ...words];
  for (let attempt = 1; ; attempt += 1) {
    try {
      return void (await run(process.execPath, command, { env, timeout: TIMEOUT_MS }));
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}
