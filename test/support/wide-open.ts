import { rateLimitEnvironment } from '../../src/platform/rate-limits/rate-limit-settings.js';

/** Limits that no test reaches, although all requests come from one address and many from one account. */
export const HIGH_LIMITS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(rateLimitEnvironment).map((name) => [name, '1000000']),
);

/** In production too, everyone may register and write. */
export const WIDE_OPEN = { ...HIGH_LIMITS, REGISTRATION: 'open', DEFAULT_ROLE: 'author' };
