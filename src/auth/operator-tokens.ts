import { Injectable } from '@nestjs/common';
import { jwtVerify, SignJWT } from 'jose';
import { Config } from '../config.js';
import { SigningKeys } from './signing-keys.js';

const ALGORITHM = 'HS256';
const ISSUER = 'inkwell';
const AUDIENCE = 'inkwell-operator';
const TYPE = 'op+jwt';
const LIFETIME_SECONDS = 60;

/**
 * Proves to the running instance that a command has the same AUTH_SECRET. It is signed with a separate key, so it can
 * never pass as an access token, nor an access token as one of these. It names no user and expires after a minute.
 */
@Injectable()
export class OperatorTokens {
  private readonly keys: SigningKeys;

  constructor(config: Config) {
    this.keys = new SigningKeys(config, 'operator token');
  }

  sign(): Promise<string> {
    return new SignJWT()
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: this.keys.currentId })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt()
      .setExpirationTime(`${LIFETIME_SECONDS}s`)
      .sign(this.keys.get(this.keys.currentId));
  }

  async isValid(token: string): Promise<boolean> {
    try {
      await jwtVerify(token, ({ kid }) => this.keys.get(kid), {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        typ: TYPE,
        requiredClaims: ['exp'],
      });
      return true;
    } catch {
      return false;
    }
  }
}
