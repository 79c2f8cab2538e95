import { describe, expect, it } from '@jest/globals';
import { type JWTPayload, SignJWT } from 'jose';
import { Config } from '../config.js';
import { keyRing } from '../platform/secrets/key-ring.js';
import { AccessTokens } from './access-tokens.js';
import { InvalidToken } from './auth.problems.js';
import { OperatorTokens } from './operator-tokens.js';

const [older, newer, foreign] = [
  'an older secret of more than 32 bytes',
  'a newer secret of more than 32 bytes',
  'a foreign secret of more than 32 bytes',
];
const configOf = (...secrets: string[]): Config => Config.from({ AUTH_SECRET: secrets.join(',') });
const tokensOf = (...secrets: string[]): OperatorTokens => new OperatorTokens(configOf(...secrets));

interface Forgery {
  readonly header?: Record<string, string>;
  readonly claims?: Record<string, unknown>;
  readonly purpose?: string;
}

/** A valid token, except for the given changes. */
function forge({ header = {}, claims = {}, purpose = 'operator token' }: Forgery = {}): Promise<string> {
  const { id, bytes } = keyRing([newer], purpose).current;
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ iss: 'inkwell', aud: 'inkwell-operator', iat: now, exp: now + 60, ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'op+jwt', kid: id, ...header })
    .sign(bytes);
}

describe('OperatorTokens', () => {
  it('accepts what it signed, which ends after a minute and names nobody', async () => {
    const token = await tokensOf(newer).sign();
    expect(await tokensOf(newer).isValid(token)).toBe(true);
    const claims = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as JWTPayload;
    expect(Object.keys(claims).sort()).toEqual(['aud', 'exp', 'iat', 'iss']);
    expect(claims.exp! - claims.iat!).toBe(60);
  });

  it('accepts every secret of the ring and signs with the first', async () => {
    expect(await tokensOf(newer, older).isValid(await tokensOf(older).sign())).toBe(true);
    expect(await tokensOf(newer).isValid(await tokensOf(newer, older).sign())).toBe(true);
  });

  it('refuses another secret', async () => {
    expect(await tokensOf(newer).isValid(await tokensOf(foreign).sign())).toBe(false);
  });

  it('accepts the token that the forgeries below start from', async () => {
    expect(await tokensOf(newer).isValid(await forge())).toBe(true);
  });

  it.each<[string, Forgery]>([
    ['has expired', { claims: { exp: Math.floor(Date.now() / 1000) - 1 } }],
    ['never expires', { claims: { exp: undefined } }],
    ['is for another audience', { claims: { aud: 'inkwell-api' } }],
    ['is from another issuer', { claims: { iss: 'somebody' } }],
    ['is of another type', { header: { typ: 'at+jwt' } }],
    ['names another key', { header: { kid: 'unknown' } }],
    ['is signed with the key of access tokens', { purpose: 'access token' }],
  ])('refuses a token that %s', async (_, forgery) => {
    expect(await tokensOf(newer).isValid(await forge(forgery))).toBe(false);
  });

  it.each(['', 'x', 'a.b.c', 'eyJhbGciOiJub25lIn0.e30.'])('refuses %j', async (token) => {
    expect(await tokensOf(newer).isValid(token)).toBe(false);
  });

  it('makes none that passes as an access token, and takes no access token', async () => {
    const access = new AccessTokens(configOf(newer));
    await expect(access.verify(await tokensOf(newer).sign())).rejects.toThrow(InvalidToken);
    const session = { id: '0b7d2c1e-7a55-4f0b-9a3e-0c1d2e3f4a5b', userId: 7, secondsLeft: 600 };
    expect(await tokensOf(newer).isValid((await access.sign(session)).token)).toBe(false);
  });
});
