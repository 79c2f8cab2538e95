import { Injectable } from '@nestjs/common';
import { Pool, type PoolClient, type QueryResult } from 'pg';
import { Config } from '../../config.js';
import { Problem } from '../errors/problem.js';
import { BoundedShare } from '../resilience/bounded-share.js';

const BUSY_RETRY_SECONDS = 1;
/** A statement that timed out is likely to time out again right away. */
const SLOW_RETRY_SECONDS = 5;

/** 503: all slots for costly reads are taken. */
class CostlyReadsBusy extends Problem {
  constructor() {
    super({
      code: 'read.busy',
      headers: { 'retry-after': String(BUSY_RETRY_SECONDS) },
    });
  }
}

/** 503: PostgreSQL cancelled the statement at its timeout. */
class CostlyReadTooSlow extends Problem {
  constructor(timeoutMs: number, cause: unknown) {
    super({
      code: 'read.too_slow',
      detail: `The search took longer than ${timeoutMs / 1000} seconds. Use fewer or longer words, or page with a cursor.`,
      headers: { 'retry-after': String(SLOW_RETRY_SECONDS) },
      cause,
    });
  }
}

/** The share of the pool that costly reads may use. */
const SHARE_OF_POOL = 0.1;
const WAITING_PER_SLOT = 8;
const TIMEOUT_MS = 2_000;
const QUERY_CANCELED = '57014';

/** Set for this transaction only, so that the connection returns to the pool unchanged. */
const BEGIN = `BEGIN READ ONLY; SET LOCAL statement_timeout = ${TIMEOUT_MS}`;

export type RefusalReason = 'busy' | 'slow';

interface Statement {
  readonly text: string;
  readonly values: unknown[];
}

/**
 * Runs reads whose cost the caller can drive up, such as searches. They share a tenth of the pool, at most eight wait
 * per connection, and PostgreSQL cancels each after two seconds. The other reads always have nine tenths of the pool.
 */
@Injectable()
export class CostlyReads {
  private readonly share: BoundedShare;
  private readonly refused: Record<RefusalReason, number> = { busy: 0, slow: 0 };

  constructor(
    private readonly pool: Pool,
    { databasePoolMax }: Config,
  ) {
    const slots = Math.max(1, Math.floor(databasePoolMax * SHARE_OF_POOL));
    this.share = new BoundedShare(slots, slots * WAITING_PER_SLOT, TIMEOUT_MS);
  }

  get running(): number {
    return this.share.running;
  }

  get waiting(): number {
    return this.share.waiting;
  }

  /** Refusals since the start, by reason. */
  get refusals(): Readonly<Record<RefusalReason, number>> {
    return this.refused;
  }

  /**
   * @throws CostlyReadsBusy 503 if no slot is free in time; CostlyReadTooSlow 503 if PostgreSQL cancelled the statement
   */
  async query<Row extends object>(statement: Statement): Promise<QueryResult<Row>> {
    const result = await this.share.run(() => this.ask<Row>(statement));
    if (result !== 'busy') return result;
    this.refused.busy += 1;
    throw new CostlyReadsBusy();
  }

  private async ask<Row extends object>({ text, values }: Statement): Promise<QueryResult<Row>> {
    const client = await this.pool.connect();
    let failure: Error | undefined;
    try {
      await client.query(BEGIN);
      const result = await client.query<Row>(text, values);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      failure = await rolledBack(client);
      if ((error as { code?: unknown }).code !== QUERY_CANCELED) throw error;
      this.refused.slow += 1;
      throw new CostlyReadTooSlow(TIMEOUT_MS, error);
    } finally {
      client.release(failure);
    }
  }
}

/** @returns the reason if the connection cannot be used again */
const rolledBack = (client: PoolClient): Promise<Error | undefined> =>
  client.query('ROLLBACK').then(
    () => undefined,
    (error: Error) => error,
  );
