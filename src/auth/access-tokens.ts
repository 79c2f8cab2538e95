import { Injectable } from '@nestjs/common';
import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { Config } from '../config.js';
import { InvalidToken } from './auth.problems.js';
import { SigningKeys } from './signing-keys.js';

const ALGORITHM = 'HS256';
const ISSUER = 'inkwell';
const AUDIENCE = 'inkwell-api';
/** RFC 9068. It keeps other JWTs signed with the same key from passing as access tokens. */
const TYPE = 'at+jwt';
const LIFETIME_SECONDS = 600;

interface SignedSession {
  readonly id: string;
  readonly userId: number;
  readonly secondsLeft: number;
}

export interface AccessToken {
  readonly token: string;
  readonly expiresInSeconds: number;
}

/** The content of a token. Whether its session is still valid is checked elsewhere. */
export interface AccessTokenClaims {
  readonly sessionId: string;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

/** Other software may sign with the same key, so an id that is no UUID must not reach a query. */
const sessionClaims = z
  .object({ sid: z.uuid(), exp: z.number() })
  .transform(({ sid, exp }): AccessTokenClaims => ({ sessionId: sid, expiresAt: exp }));

/** Signed access tokens (JWT), valid for ten minutes at most. */
@Injectable()
export class AccessTokens {
  private readonly keys: SigningKeys;

  constructor(config: Config) {
    this.keys = new SigningKeys(config, 'access token');
  }

  /** A token does not outlive its session. */
  async sign(session: SignedSession): Promise<AccessToken> {
    const expiresInSeconds = Math.min(LIFETIME_SECONDS, session.secondsLeft);
    const issuedAt = Math.floor(Date.now() / 1000);
    const token = await new SignJWT({ sid: session.id })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: this.keys.currentId })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(String(session.userId))
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + expiresInSeconds)
      .sign(this.keys.get(this.keys.currentId));
    return { token, expiresInSeconds };
  }

  /** @throws InvalidToken for any invalid token */
  async verify(token: string): Promise<AccessTokenClaims> {
    try {
      const { payload } = await jwtVerify(token, ({ kid }) => this.keys.get(kid), {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        typ: TYPE,
        requiredClaims: ['sub', 'sid', 'exp'],
      });
      return sessionClaims.parse(payload);
    } catch (cause) {
      throw new InvalidToken(cause);
    }
  }
}
