import { createHash, createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Config } from '../../config.js';
import { Housekeeping } from '../database/housekeeping.js';
import { Problem } from '../errors/problem.js';
import { changeRepeated } from '../outbox/define-event.js';
import { type Transaction, TransactionRunner } from '../outbox/transaction-runner.js';
import { Answer, type AnswerParts, Outcome } from '../responses/answer.js';
import { type KeyRing, keyRing } from '../secrets/key-ring.js';

class InvalidIdempotencyKey extends Problem {
  constructor() {
    super({
      code: 'idempotency.invalid_key',
    });
  }
}

class IdempotencyKeyReused extends Problem {
  constructor() {
    super({
      code: 'idempotency.key_reused',
    });
  }
}

class IdempotentRequestInFlight extends Problem {
  constructor() {
    super({
      code: 'idempotency.in_flight',
      headers: { 'retry-after': '1' },
    });
  }
}

/** The owner of a key: a user, or a client without an account, who is identified by address. */
type KeyHolder = { readonly userId: number } | { readonly client: string };

/** A request that its client may repeat safely. */
export interface IdempotentRequest<T> {
  readonly holder: KeyHolder;
  /** The Idempotency-Key. */
  readonly key: string;
  /** Distinguishes this request from others: its route and its validated body. */
  readonly content: unknown;
  /**
   * True if the content holds a secret such as a password. The database then stores a keyed hash, from which the secret
   * cannot be guessed.
   */
  readonly hasSecret?: boolean;
  /**
   * The account that the result describes, if it is not the holder's. The stored result is deleted with that account.
   */
  readonly subjectOf?: (result: T) => number;
  /** How the result is stored, if not unchanged. */
  readonly storedForm?: StoredForm<T>;
}

interface StoredForm<T> {
  /** @returns a value that survives JSON */
  readonly encode: (result: T) => unknown;
  readonly decode: (kept: never) => T;
}

/** @returns undefined without a key; such a request takes effect each time */
export const keyed = <T>(
  key: string | undefined,
  request: Omit<IdempotentRequest<T>, 'key'>,
): IdempotentRequest<T> | undefined => (key === undefined ? undefined : { ...request, key });

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The name of a key in the table. Keys contain no space, so a user's key cannot match a client's. */
const nameOf = <T>({ holder, key }: IdempotentRequest<T>): string =>
  'userId' in holder ? key : `client ${digest(JSON.stringify([holder.client, key])).toString('base64url')}`;

const holderId = ({ holder }: { readonly holder: KeyHolder }): number | null =>
  'userId' in holder ? holder.userId : null;

const KEEP = `interval '24 hours'`;
const VALID_KEY = /^[\x21-\x7e]{1,255}$/;

/** A stored result: the parts of an Answer, or a value. */
type StoredAnswer = { readonly tags: readonly string[] } & (AnswerParts | { readonly value: unknown });

interface Stored {
  readonly request_hash: Buffer;
  readonly answer: StoredAnswer;
}

/**
 * Answers a repeated request with the stored answer of the first (draft-ietf-httpapi-idempotency-key-header). One
 * transaction claims the key, does the work and stores the answer. A crash or an error therefore leaves nothing behind,
 * and the key can be used again. If the result of a COMMIT is unknown, the stored answer exists exactly if the change
 * does.
 */
@Injectable()
export class IdempotentRequests {
  private readonly keys: KeyRing;

  constructor(
    config: Config,
    housekeeping: Housekeeping,
    private readonly transactions: TransactionRunner,
  ) {
    this.keys = keyRing(config.authSecret ?? [], 'idempotent requests');
    housekeeping.register(
      'idempotency keys',
      `DELETE FROM idempotency_keys WHERE created_at < now() - ${KEEP}`,
    );
  }

  /**
   * @param request undefined without a key; then the work is always done
   * @param work runs in a transaction (see TransactionRunner), at most once per key and day. If it throws, nothing is
   * stored.
   * @throws InvalidIdempotencyKey 400, IdempotentRequestInFlight 409, IdempotencyKeyReused 422, what `work` throws
   */
  async once<T>(
    request: IdempotentRequest<T> | undefined,
    work: (tx: Transaction) => Promise<T>,
  ): Promise<Outcome<T>> {
    if (request === undefined) return new Outcome(await this.transactions.run(work), false);
    if (!VALID_KEY.test(request.key)) throw new InvalidIdempotencyKey();
    return this.transactions.run(async (tx) => {
      await claim(tx, request);
      const stored = await find(tx, request);
      if (stored !== undefined) return this.replay(tx, request, stored);
      const result = await work(tx);
      await store(tx, request, this.fingerprints(request)[0]!, result);
      return new Outcome(result, false);
    });
  }

  private replay<T>(tx: Transaction, request: IdempotentRequest<T>, stored: Stored): Outcome<T> {
    const isSame = this.fingerprints(request).some((one) => stored.request_hash.equals(one));
    if (!isSame) throw new IdempotencyKeyReused();
    const { tags } = stored.answer;
    if (tags.length > 0) tx.record(changeRepeated(tags));
    return new Outcome(recalled(request, stored.answer), true);
  }

  /** A new request is stored with the first. */
  private fingerprints<T>({ content, hasSecret }: IdempotentRequest<T>): Buffer[] {
    const text = JSON.stringify(content);
    if (hasSecret !== true) return [digest(text)];
    return this.keys.all.map(({ bytes }) => createHmac('sha256', bytes).update(text).digest());
  }
}

/** The lock ends with the transaction. */
async function claim<T>(tx: Transaction, request: IdempotentRequest<T>): Promise<void> {
  const lock = digest(`idempotency ${holderId(request) ?? ''} ${nameOf(request)}`).readBigInt64BE();
  const { rows } = await tx.query<{ claimed: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS claimed', [
    lock.toString(),
  ]);
  if (rows[0]?.claimed !== true) throw new IdempotentRequestInFlight();
}

async function find<T>(tx: Transaction, request: IdempotentRequest<T>): Promise<Stored | undefined> {
  const { rows } = await tx.query<Stored>(
    `SELECT request_hash, answer FROM idempotency_keys
     WHERE key = $2 AND ($1::integer IS NULL OR user_id = $1) AND created_at > now() - ${KEEP}`,
    [holderId(request), nameOf(request)],
  );
  return rows[0];
}

/** Replaces a row with the same key, which must have expired. */
async function store<T>(
  tx: Transaction,
  request: IdempotentRequest<T>,
  hash: Buffer,
  result: T,
): Promise<void> {
  const subject = request.subjectOf?.(result) ?? null;
  const answer: StoredAnswer = { ...kept(request, result), tags: tx.tags };
  await tx.query(
    `INSERT INTO idempotency_keys (user_id, key, request_hash, answer, subject_id) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (user_id, key) DO UPDATE SET request_hash = excluded.request_hash, answer = excluded.answer,
       subject_id = excluded.subject_id, created_at = excluded.created_at`,
    [holderId(request) ?? subject, nameOf(request), hash, JSON.stringify(answer), subject],
  );
}

function kept<T>({ storedForm }: IdempotentRequest<T>, result: T): AnswerParts | { readonly value: unknown } {
  if (result instanceof Answer) return result.parts;
  return { value: storedForm === undefined ? (result ?? null) : storedForm.encode(result) };
}

/** The fingerprint proves that the stored answer belongs to the same request, and so has the same type. */
function recalled<T>({ storedForm }: IdempotentRequest<T>, stored: StoredAnswer): T {
  if (!('value' in stored)) return new Answer(stored) as T;
  return storedForm === undefined ? (stored.value as T) : storedForm.decode(stored.value as never);
}
