import { describe, expect, it } from '@jest/globals';
import { base64url, type JWTPayload, SignJWT } from 'jose';
import { Config } from '../config.js';
import { keyRing } from '../platform/secrets/key-ring.js';
import { AccessTokens } from './access-tokens.js';
import { InvalidToken } from './auth.problems.js';

const [older, newer, foreign] = [
  'an older secret of more than 32 bytes',
  'a newer secret of more than 32 bytes',
  'a foreign secret of more than 32 bytes',
];
const tokensOf = (...secrets: string[]): AccessTokens =>
  new AccessTokens(Config.from({ AUTH_SECRET: secrets.join(',') }));
const session = { id: '0b7d2c1e-7a55-4f0b-9a3e-0c1d2e3f4a5b', userId: 7, secondsLeft: 3600 };
const header = (token: string): unknown =>
  JSON.parse(new TextDecoder().decode(base64url.decode(token.split('.')[0]!)));

interface Forgery {
  readonly header?: Record<string, string>;
  readonly claims?: JWTPayload;
  readonly key?: Buffer;
}

/** A valid token, except for the given changes. */
function forge({ header: changedHeader = {}, claims = {}, key }: Forgery): Promise<string> {
  const { id, bytes } = keyRing([newer], 'access token').current;
  const now = Math.floor(Date.now() / 1000);
  const payload = { iss: 'inkwell', aud: 'inkwell-api', sub: '7', sid: session.id, exp: now + 60, ...claims };
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: id, ...changedHeader })
    .sign(key ?? bytes);
}

describe('AccessTokens', () => {
  it('verifies what it signed, for ten minutes', async () => {
    const tokens = tokensOf(newer);
    const { token, expiresInSeconds } = await tokens.sign(session);
    expect(expiresInSeconds).toBe(600);
    const claims = await tokens.verify(token);
    expect(claims.sessionId).toBe(session.id);
    expect(Math.abs(claims.expiresAt - (Date.now() / 1000 + 600))).toBeLessThan(2);
  });

  it('signs none that outlives its session', async () => {
    expect((await tokensOf(newer).sign({ ...session, secondsLeft: 42 })).expiresInSeconds).toBe(42);
  });

  it('names its algorithm, its type and its key, and nothing of the key', async () => {
    const { token } = await tokensOf(newer).sign(session);
    expect(header(token)).toEqual({ alg: 'HS256', typ: 'at+jwt', kid: expect.stringMatching(/^[\w-]{8}$/) });
  });

  it('verifies tokens of every secret of the ring and signs with the first', async () => {
    const before = await tokensOf(older).sign(session);
    const after = await tokensOf(newer, older).sign(session);
    await expect(tokensOf(newer, older).verify(before.token)).resolves.toMatchObject({
      sessionId: session.id,
    });
    await expect(tokensOf(newer).verify(after.token)).resolves.toMatchObject({ sessionId: session.id });
    await expect(tokensOf(newer).verify(before.token)).rejects.toThrow(InvalidToken);
  });

  it('verifies the forgery that the refusals below start from', async () => {
    await expect(tokensOf(newer).verify(await forge({}))).resolves.toMatchObject({ sessionId: session.id });
  });

  it.each<[string, Forgery]>([
    ['another issuer', { claims: { iss: 'someone' } }],
    ['another audience', { claims: { aud: 'another-api' } }],
    ['an end in the past', { claims: { exp: Math.floor(Date.now() / 1000) - 1 } }],
    ['another type', { header: { typ: 'JWT' } }],
    ['another algorithm', { header: { alg: 'HS512' }, key: Buffer.alloc(64, 1) }],
    ['an unknown key', { header: { kid: 'unknown1' } }],
    ['another key under the name of ours', { key: keyRing([foreign], 'access token').current.bytes }],
    ['a key for another purpose', { key: keyRing([newer], 'refresh token successor').current.bytes }],
    ['the secret itself as its key', { key: Buffer.from(newer) }],
  ])('refuses a token with %s', async (_, forgery) => {
    await expect(tokensOf(newer).verify(await forge(forgery))).rejects.toThrow(InvalidToken);
  });

  it.each(['sub', 'sid', 'exp'])('refuses a token without %s', async (claim) => {
    const token = await forge({ claims: { [claim]: undefined } });
    await expect(tokensOf(newer).verify(token)).rejects.toThrow(InvalidToken);
  });

  it.each([['garbage'], [''], [`${session.id}\0`], [7], [{ id: session.id }], [[session.id]]])(
    'refuses a token under our key whose sid is %j, which names no session',
    async (sid) => {
      const token = await forge({ claims: { sid } });
      await expect(tokensOf(newer).verify(token)).rejects.toThrow(InvalidToken);
    },
  );

  it('refuses `alg: none`', async () => {
    const [, payload] = (await forge({})).split('.');
    const { id } = keyRing([newer], 'access token').current;
    const none = base64url.encode(JSON.stringify({ alg: 'none', typ: 'at+jwt', kid: id }));
    await expect(tokensOf(newer).verify(`${none}.${payload}.`)).rejects.toThrow(InvalidToken);
  });

  it('refuses a token that was changed after it was signed', async () => {
    const [head, , signature] = (await forge({})).split('.');
    const [, otherPayload] = (await forge({ claims: { sid: 'another' } })).split('.');
    await expect(tokensOf(newer).verify(`${head}.${otherPayload}.${signature}`)).rejects.toThrow(
      InvalidToken,
    );
  });

  it.each(['', 'a', 'a.b', 'a.b.c', '..', 'e30.e30.e30'])('refuses "%s"', async (token) => {
    await expect(tokensOf(newer).verify(token)).rejects.toThrow(InvalidToken);
  });
});
