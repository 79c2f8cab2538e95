import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { z } from 'zod';
import { ROLES } from '../platform/access/principal.js';
import { type LookupResult, ObjectCache } from '../platform/cache/object-cache.js';
import { type Transaction, TransactionRunner } from '../platform/outbox/transaction-runner.js';
import { changeRepeated } from '../platform/outbox/define-event.js';
import { newOpaqueToken, opaqueTokenHash } from '../platform/secrets/opaque-token.js';
import { secondsLeft } from './session-lifetime.js';
import { type SessionsOfUser, SessionsRevoked } from './sessions.events.js';
import {
  FIND_VALID_SESSION,
  LIST_JUST_REVOKED,
  LIST_SESSIONS,
  LIST_VALID_SESSION_IDS,
  LOCK_SESSIONS,
  OPEN_SESSION,
  REVOKE_SESSION,
  REVOKE_SESSIONS,
} from './sessions.queries.js';

export const MAX_USER_AGENT_LENGTH = 200;
export const SESSION_TTL_SECONDS = 1_800;

interface FoundSessionRow {
  readonly snapshot: string;
  readonly session: ValidSession | null;
}

/** A session that has not been revoked, with its current user. */
export const validSessionSchema = z
  .strictObject({ id: z.string(), user_id: z.int(), username: z.string(), role: z.enum(ROLES) })
  .readonly();
export type ValidSession = z.output<typeof validSessionSchema>;

export interface ListedSession {
  readonly id: string;
  readonly user_agent: string;
  readonly created_at: Date;
  readonly refreshed_at: Date;
  readonly expires_at: Date;
}

/** A session, and the token for its next refresh. */
export interface RefreshableSession {
  readonly id: string;
  readonly userId: number;
  /** The time until it ends at the latest. Its access tokens must not outlive it. */
  readonly secondsLeft: number;
  readonly refreshToken: string;
}

type Id = Pick<ValidSession, 'id'>;

@Injectable()
export class SessionsService {
  constructor(
    private readonly pool: Pool,
    private readonly transactions: TransactionRunner,
    private readonly cache: ObjectCache,
  ) {}

  /** The look-up of every request with credentials, which is cached. Null if the session was revoked or has ended. */
  async find(sessionId: string): Promise<ValidSession | null> {
    return this.cache.get({
      cache: 'session',
      key: sessionId,
      ttlSeconds: SESSION_TTL_SECONDS,
      schema: validSessionSchema.nullable(),
      lookUp: () => this.lookUp(sessionId),
    });
  }

  /** Like `find`, from the database. */
  async lookUp(sessionId: string): Promise<LookupResult<ValidSession | null>> {
    const { rows } = await this.pool.query<FoundSessionRow>(FIND_VALID_SESSION, [sessionId]);
    // The query always returns one row.
    const { snapshot, session } = rows[0]!;
    return { value: session, tags: [`session:${sessionId}`], snapshot };
  }

  /** @returns null if the password has changed since it was checked */
  async open(
    user: { readonly id: number; readonly passwordHash: string },
    userAgent: string,
  ): Promise<RefreshableSession | null> {
    const refreshToken = newOpaqueToken();
    const device = userAgent.slice(0, MAX_USER_AGENT_LENGTH);
    const parameters = [user.id, user.passwordHash, device, opaqueTokenHash(refreshToken)];
    const { rows } = await this.transactions.run((tx) =>
      tx.query<Id & { created_at: Date }>(OPEN_SESSION, parameters),
    );
    const session = rows[0];
    return session === undefined
      ? null
      : { id: session.id, userId: user.id, secondsLeft: secondsLeft(session.created_at), refreshToken };
  }

  /** The sessions that can still be refreshed, newest first. */
  async list(userId: number): Promise<ListedSession[]> {
    return (await this.pool.query<ListedSession>(LIST_SESSIONS, [userId])).rows;
  }

  /** @returns true if the user had this session */
  async revoke(userId: number, sessionId: string): Promise<boolean> {
    return this.transactions.run((tx) => this.revokeOne(tx, userId, sessionId));
  }

  /** Ends the session of the request. */
  async logOut(userId: number, sessionId: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      if (!(await this.revokeOne(tx, userId, sessionId))) await this.repeatRevocations(tx, userId);
    });
  }

  /** Logs a user out everywhere. */
  async revokeAll(userId: number): Promise<void> {
    await this.revokeAllBut(userId, null);
  }

  /** Ends all sessions but the one of the request. */
  async revokeAllBut(userId: number, sessionId: string | null): Promise<void> {
    await this.transactions.run(async (tx) => {
      await tx.query(LOCK_SESSIONS, [userId]);
      await this.repeatRevocations(tx, userId);
      await this.revokeOthers(tx, userId, sessionId);
    });
  }

  /** Runs within a transaction. The transaction must lock the user's row first if concurrent logins must not escape. */
  async revokeOthers(tx: Transaction, userId: number, keptSessionId: string | null): Promise<void> {
    this.record(tx, userId, (await tx.query<Id>(REVOKE_SESSIONS, [userId, keptSessionId])).rows);
  }

  /** Runs within a transaction. @returns true if the session was valid until now */
  async revokeOne(tx: Transaction, userId: number, sessionId: string): Promise<boolean> {
    return this.record(tx, userId, (await tx.query<Id>(REVOKE_SESSION, [userId, sessionId])).rows);
  }

  /** For events that change what these sessions may do. */
  async validIds(tx: Transaction, userId: number): Promise<string[]> {
    return (await tx.query<Id>(LIST_VALID_SESSION_IDS, [userId])).rows.map(({ id }) => id);
  }

  /** Another request may have revoked these sessions, and still be waiting until every process knows. */
  private async repeatRevocations(tx: Transaction, userId: number): Promise<void> {
    const revoked = (await tx.query<Id>(LIST_JUST_REVOKED, [userId])).rows;
    if (revoked.length > 0) tx.record(changeRepeated(SessionsRevoked(sessions(userId, revoked)).tags));
  }

  private record(tx: Transaction, userId: number, revoked: readonly Id[]): boolean {
    if (revoked.length === 0) return false;
    tx.record(SessionsRevoked(sessions(userId, revoked)));
    return true;
  }
}

const sessions = (userId: number, rows: readonly Id[]): SessionsOfUser => ({
  user_id: userId,
  session_ids: rows.map(({ id }) => id),
});
