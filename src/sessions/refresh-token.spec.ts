import { describe, expect, it } from '@jest/globals';
import { newOpaqueToken, opaqueTokenHash } from '../platform/secrets/opaque-token.js';
import { refreshTokenSuccessor } from './refresh-token.js';

const key = Buffer.alloc(32, 1);
const otherKey = Buffer.alloc(32, 2);

describe('newOpaqueToken', () => {
  it('is 256 random bits in URL-safe characters', () => {
    const tokens = Array.from({ length: 100 }, newOpaqueToken);
    expect(new Set(tokens).size).toBe(100);
    for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/);
  });
});

describe('refreshTokenSuccessor', () => {
  it('is the same for the same token, and looks like any other token', () => {
    const token = newOpaqueToken();
    expect(refreshTokenSuccessor(token, key)).toBe(refreshTokenSuccessor(token, key));
    expect(refreshTokenSuccessor(token, key)).toMatch(/^[\w-]{43}$/);
  });

  it('cannot be known without the token and the key', () => {
    const token = newOpaqueToken();
    const successor = refreshTokenSuccessor(token, key);
    expect(refreshTokenSuccessor(token, otherKey)).not.toBe(successor);
    expect(refreshTokenSuccessor(newOpaqueToken(), key)).not.toBe(successor);
    expect(successor).not.toBe(opaqueTokenHash(token).toString('base64url'));
  });
});
