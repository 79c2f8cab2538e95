import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { Answer, type AnswerParts } from '../answers/answer.js';
import { Housekeeping } from '../database/housekeeping.js';
import { changeRepeated } from '../events/change-repeated.js';
import type { Transaction } from '../database/transaction-runner.js';
import {
  IdempotencyKeyReused,
  IdempotentRequestInFlight,
  InvalidIdempotencyKey,
} from './idempotency.problems.js';

const KEEP = `interval '24 hours'`;
const VALID_KEY = /^[\x21-\x7e]{1,255}$/;

/** A request that its client may send again without having it done again. */
export interface IdempotentRequest {
  readonly userId: number;
  readonly key: string;
  /** Everything that makes it this request and not another one: route and validated body. */
  readonly content: unknown;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Answers a repeated request with the answer it got (draft-ietf-httpapi-idempotency-key-header). The claim of a key, the work
 * and the stored answer are one transaction: a crash or an error leaves nothing behind, and the key may be used again.
 */
@Injectable()
export class IdempotentRequests {
  constructor(housekeeping: Housekeeping) {
    housekeeping.register(
      'idempotency keys',
      `DELETE FROM idempotency_keys WHERE created_at < now() - ${KEEP}`,
    );
  }

  /**
   * @param work runs in the same transaction, at most once per key and day; what it throws is not stored
   * @throws InvalidIdempotencyKey 400, IdempotentRequestInFlight 409, IdempotencyKeyReused 422
   */
  async once(tx: Transaction, request: IdempotentRequest, work: () => Promise<Answer>): Promise<Answer> {
    if (!VALID_KEY.test(request.key)) throw new InvalidIdempotencyKey();
    await claim(tx, request);
    const hash = digest(JSON.stringify(request.content));
    const stored = await find(tx, request);
    if (stored === undefined) {
      const answer = await work();
      await store(tx, request, hash, { ...answer.parts, tags: tx.tags });
      return answer;
    }
    if (!stored.request_hash.equals(hash)) throw new IdempotencyKeyReused();
    if (stored.answer.tags.length > 0) tx.record(changeRepeated(stored.answer.tags));
    return new Answer(stored.answer);
  }
}

/** The lock ends with the transaction, however that ends. */
async function claim(tx: Transaction, { userId, key }: IdempotentRequest): Promise<void> {
  const lock = digest(`idempotency ${userId} ${key}`).readBigInt64BE();
  const { rows } = await tx.query<{ claimed: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS claimed', [
    lock.toString(),
  ]);
  if (rows[0]?.claimed !== true) throw new IdempotentRequestInFlight();
}

async function find(
  tx: Transaction,
  { userId, key }: IdempotentRequest,
): Promise<{ request_hash: Buffer; answer: AnswerParts } | undefined> {
  const { rows } = await tx.query<{ request_hash: Buffer; answer: AnswerParts }>(
    `SELECT request_hash, answer FROM idempotency_keys
     WHERE user_id = $1 AND key = $2 AND created_at > now() - ${KEEP}`,
    [userId, key],
  );
  return rows[0];
}

/** A row that is found now is one that had its time. */
async function store(
  tx: Transaction,
  { userId, key }: IdempotentRequest,
  hash: Buffer,
  answer: AnswerParts,
): Promise<void> {
  await tx.query(
    `INSERT INTO idempotency_keys (user_id, key, request_hash, answer) VALUES ($1, $2, $3, $4)
     ON CONFLICT (user_id, key) DO UPDATE
     SET request_hash = excluded.request_hash, answer = excluded.answer, created_at = excluded.created_at`,
    [userId, key, hash, JSON.stringify(answer)],
  );
}
