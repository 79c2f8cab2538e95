import { Injectable, Logger } from '@nestjs/common';
import { Config } from '../config.js';
import { type Transaction, TransactionRunner } from '../platform/outbox/transaction-runner.js';
import { type KeyRing, keyRing } from '../platform/secrets/key-ring.js';
import { opaqueTokenHash } from '../platform/secrets/opaque-token.js';
import { refreshTokenSuccessor } from './refresh-token.js';
import { secondsLeft } from './session-lifetime.js';
import { FIND_TOKENS, LOCK_SESSION_OF_TOKEN, READ_TOKEN, ROTATE_TOKEN } from './sessions.queries.js';
import { type RefreshableSession, SessionsService } from './sessions.service.js';

/**
 * Two tabs, or a client that lost the reply, may use a token twice within this time. A later second use means that it
 * was stolen.
 */
const REPEAT_SECONDS = 10;

interface LockedSession {
  readonly id: string;
  readonly user_id: number;
  readonly created_at: Date;
  readonly is_valid: boolean;
}

interface PresentedToken {
  readonly is_used: boolean;
  readonly is_repeat: boolean;
}

/** Rotation with reuse detection (RFC 9700 §4.14). */
@Injectable()
export class RefreshTokensService {
  private readonly logger = new Logger('Sessions');
  private readonly keys: KeyRing;

  constructor(
    config: Config,
    private readonly transactions: TransactionRunner,
    private readonly sessions: SessionsService,
  ) {
    this.keys = keyRing(config.authSecret ?? [], 'refresh token successor');
  }

  /**
   * @returns the session with its next token; null if the session has ended, or is revoked because the token was used
   * before
   */
  async refresh(token: string): Promise<RefreshableSession | null> {
    return this.transactions.run(async (tx) => {
      const session = await this.lockSession(tx, token);
      if (session === null) return null;
      const refreshToken = await this.replace(tx, session, token);
      if (refreshToken === null) return null;
      return {
        id: session.id,
        userId: session.user_id,
        secondsLeft: secondsLeft(session.created_at),
        refreshToken,
      };
    });
  }

  private async lockSession(tx: Transaction, token: string): Promise<LockedSession | null> {
    const { rows } = await tx.query<LockedSession>(LOCK_SESSION_OF_TOKEN, [opaqueTokenHash(token)]);
    return rows[0]?.is_valid === true ? rows[0] : null;
  }

  private async replace(tx: Transaction, session: LockedSession, token: string): Promise<string | null> {
    const { rows } = await tx.query<PresentedToken>(READ_TOKEN, [opaqueTokenHash(token), REPEAT_SECONDS]);
    if (rows[0]?.is_repeat === true) return this.knownSuccessor(tx, token);
    if (rows[0]?.is_used === true) {
      await this.sessions.revokeOne(tx, session.user_id, session.id);
      this.logger.warn(`Session ${session.id} is revoked: one of its refresh tokens was used twice`);
      return null;
    }
    const successor = refreshTokenSuccessor(token, this.keys.current.bytes);
    await tx.query(ROTATE_TOKEN, [opaqueTokenHash(token), opaqueTokenHash(successor), session.id]);
    return successor;
  }

  /** While keys are being changed, another replica may have derived the successor with another key of the ring. */
  private async knownSuccessor(tx: Transaction, token: string): Promise<string | null> {
    const candidates = this.keys.all.map((key) => refreshTokenSuccessor(token, key.bytes));
    const hashes = candidates.map(opaqueTokenHash);
    const { rows } = await tx.query<{ token_hash: Buffer }>(FIND_TOKENS, [hashes]);
    const known = hashes.findIndex((hash) => rows[0]?.token_hash.equals(hash));
    return candidates[known] ?? null;
  }
}
