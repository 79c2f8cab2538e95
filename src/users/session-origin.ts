import type { Principal } from '../platform/access/principal.js';
import type { Origin } from './failed-logins.service.js';

/**
 * The origin when a logged-in owner sends the password again. Failures elsewhere must not keep the owner from changing
 * it.
 */
export const sessionOrigin = ({ userId, sessionId }: Principal, network: string): Origin => ({
  network,
  accountId: userId,
  source: `session:${sessionId}`,
  isKnown: true,
});
