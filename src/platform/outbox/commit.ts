import type { PoolClient } from 'pg';
import { endAtOnce } from '../database/end-at-once.js';
import { Problem } from '../errors/problem.js';

const RETRY_AFTER_SECONDS = 5;

/** 503: COMMIT was sent, but its result is unknown. The change may exist now, later or never. */
export class OutcomeUnknown extends Problem {
  constructor(cause?: unknown) {
    super({
      code: 'write.outcome_unknown',
      headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
      cause,
    });
  }
}

/**
 * A commit needs a limit of its own: a synchronous standby may be gone for good, and PostgreSQL's timeouts do not apply
 * to COMMIT.
 */
const COMMIT_TIMEOUT_MS = 10_000;

/**
 * The PostgreSQL function that gives up waiting for a standby. The message is translated, but not the function's name.
 */
const WAIT_FOR_STANDBY = 'SyncRepWaitForLSN';

/** Errors of a broken connection or server (classes 08, 57P, 58, XX). They tell nothing about the transaction. */
const SAYS_NOTHING = /^(08|57P|58|XX)/;
const NEVER_SENT = /is not queryable$/;

/** COMMIT was answered with ROLLBACK, because PostgreSQL had aborted the transaction. Nothing was changed. */
class CommitRefused extends Error {}

export interface CommitReply {
  /** False if the commit is visible to all, but a failover may still lose it. */
  readonly isReplicated: boolean;
}

/**
 * Sends COMMIT on a connection that is in a transaction. Ends the connection if there is no reply in time. The server
 * may still commit; then the outbox tells every process.
 * @throws OutcomeUnknown if the transaction may have been committed, or may yet be. Any other error means that it was
 * not.
 */
export async function commit(client: PoolClient): Promise<CommitReply> {
  let isReplicated = true;
  const onNotice = ({ routine }: { readonly routine: string | undefined }): void => {
    if (routine === WAIT_FOR_STANDBY) isReplicated = false;
  };
  client.on('notice', onNotice);
  const timer = setTimeout(() => endAtOnce(client), COMMIT_TIMEOUT_MS);
  try {
    // Only the command tag tells a commit from a rollback.
    const { command } = await client.query('COMMIT');
    if (command !== 'COMMIT') throw new CommitRefused(`COMMIT was answered with ${command}`);
    return { isReplicated };
  } catch (error) {
    throw isVerdict(error) ? error : new OutcomeUnknown(error);
  } finally {
    clearTimeout(timer);
    client.off('notice', onNotice);
  }
}

/** Does the error prove that the transaction was not committed? */
function isVerdict(error: unknown): boolean {
  if (error instanceof CommitRefused) return true;
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if (typeof message === 'string' && NEVER_SENT.test(message)) return true;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !SAYS_NOTHING.test(code);
}
