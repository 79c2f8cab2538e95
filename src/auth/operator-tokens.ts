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
 * What a command shows to the running instance: that it holds the same AUTH_SECRET. Signed with a key of its own, so it
 * never passes as an access token, nor an access token as one of these; it names no user and ends after a minute.
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
