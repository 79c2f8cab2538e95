import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;

/** A secret that means nothing by itself: 256 random bits, as 43 characters of base64url. */
export const newOpaqueToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');

/** The hash that the database stores. A token is random over its whole length, so a plain hash cannot be reversed by guessing. */
export const opaqueTokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();
