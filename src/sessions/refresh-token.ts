import { createHash, createHmac, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;

/** The first refresh token of a session: 256 random bits. */
export const newRefreshToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');

/**
 * The hash that the database stores. Tokens are random over their whole length, so a plain hash cannot be reversed by guessing.
 */
export const refreshTokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();

/**
 * The token that replaces another. The same token always gets the same successor, although the server stores only
 * hashes. Without the key, the successor looks random.
 */
export const refreshTokenSuccessor = (token: string, key: Buffer): string =>
  createHmac('sha256', key).update(token).digest('base64url');
