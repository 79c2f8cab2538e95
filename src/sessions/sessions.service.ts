import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import type { Role } from '../platform/access/principal.js';
import { type Looked, ObjectCache } from '../platform/cache/object-cache.js';
import { type Transaction, TransactionRunner } from '../platform/database/transaction-runner.js';
import { changeRepeated } from '../platform/events/change-repeated.js';
import { newRefreshToken, refreshTokenHash } from './refresh-token.js';
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

const MAX_USER_AGENT_LENGTH = 200;
export const SESSION_TTL_SECONDS = 1_800;

interface Found {
  readonly snapshot: string;
  readonly session: ValidSession | null;
}

/** A session that has not been revoked, and whose it is now. */
export interface ValidSession {
  readonly id: string;
  readonly user_id: number;
  readonly username: string;
  readonly role: Role;
}

export interface ListedSession {
  readonly id: string;
  readonly user_agent: string;
  readonly created_at: Date;
  readonly refreshed_at: Date;
  readonly expires_at: Date;
}

/** A session and the token that refreshes it next. */
export interface RefreshableSession {
  readonly id: string;
  readonly userId: number;
  /** Until it ends whatever is done: its access tokens must not outlive it. */
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

  /** What every request with credentials asks, cached: null when the session was revoked or has ended. */
  async find(sessionId: string): Promise<ValidSession | null> {
    return this.cache.get('session', sessionId, SESSION_TTL_SECONDS, () => this.look(sessionId));
  }

  /** As `find`, from the database. */
  async look(sessionId: string): Promise<Looked<ValidSession | null>> {
    const { rows } = await this.pool.query<Found>(FIND_VALID_SESSION, [sessionId]);
    // The query has one row, always.
    const { snapshot, session } = rows[0]!;
    return { value: session, tags: [`session:${sessionId}`], snapshot };
  }

  /** @returns null when the password has changed since it was checked */
  async open(
    user: { readonly id: number; readonly passwordHash: string },
    userAgent: string,
  ): Promise<RefreshableSession | null> {
    const refreshToken = newRefreshToken();
    const device = userAgent.slice(0, MAX_USER_AGENT_LENGTH);
    const parameters = [user.id, user.passwordHash, device, refreshTokenHash(refreshToken)];
    const { rows } = await this.transactions.run((tx) =>
      tx.query<Id & { created_at: Date }>(OPEN_SESSION, parameters),
    );
    const session = rows[0];
    return session === undefined
      ? null
      : { id: session.id, userId: user.id, secondsLeft: secondsLeft(session.created_at), refreshToken };
  }

  /** Those that can still be refreshed, the newest first. */
  async list(userId: number): Promise<ListedSession[]> {
    return (await this.pool.query<ListedSession>(LIST_SESSIONS, [userId])).rows;
  }

  /** @returns whether the user had this session */
  async revoke(userId: number, sessionId: string): Promise<boolean> {
    return this.transactions.run((tx) => this.revokeOne(tx, userId, sessionId));
  }

  /** Ends the session that asks for it. */
  async logOut(userId: number, sessionId: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      if (!(await this.revokeOne(tx, userId, sessionId))) await this.repeatRevocations(tx, userId);
    });
  }

  /** Logs a user out everywhere. */
  async revokeAll(userId: number): Promise<void> {
    await this.transactions.run(async (tx) => {
      await tx.query(LOCK_SESSIONS, [userId]);
      await this.repeatRevocations(tx, userId);
      await this.revokeOthers(tx, userId, null);
    });
  }

  /** As part of a transaction, which must have locked the user's row when logins of the same moment must not escape. */
  async revokeOthers(tx: Transaction, userId: number, keptSessionId: string | null): Promise<void> {
    this.record(tx, userId, (await tx.query<Id>(REVOKE_SESSIONS, [userId, keptSessionId])).rows);
  }

  /** As part of a transaction. @returns whether the session was valid until now */
  async revokeOne(tx: Transaction, userId: number, sessionId: string): Promise<boolean> {
    return this.record(tx, userId, (await tx.query<Id>(REVOKE_SESSION, [userId, sessionId])).rows);
  }

  /** For events that change what these sessions may do. */
  async validIds(tx: Transaction, userId: number): Promise<string[]> {
    return (await tx.query<Id>(LIST_VALID_SESSION_IDS, [userId])).rows.map(({ id }) => id);
  }

  /** Other requests may have revoked these, and be waiting for all to know. */
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
