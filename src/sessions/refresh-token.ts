import { createHash, createHmac, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;

/** The first refresh token of a session: 256 random bits. */
export const newRefreshToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');

/** What is stored. Tokens are random over their whole length, so a plain hash cannot be guessed back. */
export const refreshTokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();

/**
 * The token that replaces another. Who shows the same token twice gets the same successor, though the server keeps
 * hashes only; without the key nobody can tell it from a random one.
 */
export const refreshTokenSuccessor = (token: string, key: Buffer): string =>
  createHmac('sha256', key).update(token).digest('base64url');
