import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { oneLine } from '../errors/one-line.js';

const CONNECT_TIMEOUT_MS = 5_000;
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 2_000;
/** How often the message is repeated, so that the end of a log shows what the process waits for. */
const REPEAT_MS = 15_000;

/** A server that does not listen yet, a name that does not resolve yet, or a server that is still starting (57P03). */
const NOT_YET = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|57P03)$/;
/** node-postgres gives its own timeout no code. */
const TIMED_OUT = /^timeout expired$/;

export interface WaitOptions {
  /** With 0, it tries only once. */
  readonly deadlineMs: number;
  /** Reports what the process waits for: at the first failure, when the reason changes, and every 15 seconds. */
  readonly say: (line: string) => void;
}

/**
 * Waits for a PostgreSQL that is still starting, with increasing pauses. A problem that time does not solve, such as a
 * wrong password or a missing database, ends the wait at once.
 * @throws an error with a one-line message
 */
export async function untilReachable(databaseUrl: string, { deadlineMs, say }: WaitOptions): Promise<void> {
  const { host } = new URL(databaseUrl);
  const startedAt = performance.now();
  let [said, saidAt] = ['', -Infinity];
  for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(LONGEST_DELAY_MS, delayMs * 1.5)) {
    const failure = await failureToConnect(databaseUrl);
    if (failure === undefined) return;
    const leftMs = startedAt + deadlineMs - performance.now();
    const reason = oneLine(failure);
    if (!isNotYet(failure) || leftMs <= 0) {
      throw new Error(`Inkwell cannot start: PostgreSQL at ${host} (DATABASE_URL): ${reason}`, {
        cause: failure,
      });
    }
    if (reason !== said || performance.now() - saidAt > REPEAT_MS) {
      [said, saidAt] = [reason, performance.now()];
      say(`Waiting for PostgreSQL at ${host}, for ${Math.ceil(leftMs / 1000)} s at most: ${reason}`);
    }
    await sleep(Math.min(delayMs, leftMs));
  }
}

async function failureToConnect(databaseUrl: string): Promise<Error | undefined> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return undefined;
  } catch (error) {
    return error as Error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

const isNotYet = (failure: Error & { readonly code?: unknown }): boolean =>
  NOT_YET.test(String(failure.code)) || TIMED_OUT.test(failure.message);
