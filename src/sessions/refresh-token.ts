import { createHmac } from 'node:crypto';

/**
 * The token that replaces another. The same token always gets the same successor, although the server stores only
 * hashes. Without the key, the successor looks random.
 */
export const refreshTokenSuccessor = (token: string, key: Buffer): string =>
  createHmac('sha256', key).update(token).digest('base64url');
