import { describe, expect, it } from '@jest/globals';
import { newRefreshToken, refreshTokenHash, refreshTokenSuccessor } from './refresh-token.js';

const key = Buffer.alloc(32, 1);
const otherKey = Buffer.alloc(32, 2);

describe('newRefreshToken', () => {
  it('is 256 random bits in URL-safe characters', () => {
    const tokens = Array.from({ length: 100 }, newRefreshToken);
    expect(new Set(tokens).size).toBe(100);
    for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/);
  });
});

describe('refreshTokenSuccessor', () => {
  it('is the same for the same token, and looks like any other token', () => {
    const token = newRefreshToken();
    expect(refreshTokenSuccessor(token, key)).toBe(refreshTokenSuccessor(token, key));
    expect(refreshTokenSuccessor(token, key)).toMatch(/^[\w-]{43}$/);
  });

  it('cannot be known without the token and the key', () => {
    const token = newRefreshToken();
    const successor = refreshTokenSuccessor(token, key);
    expect(refreshTokenSuccessor(token, otherKey)).not.toBe(successor);
    expect(refreshTokenSuccessor(newRefreshToken(), key)).not.toBe(successor);
    expect(successor).not.toBe(refreshTokenHash(token).toString('base64url'));
  });
});
