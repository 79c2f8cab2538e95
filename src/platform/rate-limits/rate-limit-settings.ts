import { z } from 'zod';

const quota = z.coerce.number().int().min(1).max(1_000_000);

/** Rate limits from the environment. */
export const rateLimitEnvironment = {
  RATE_LIMIT_LOGIN: quota
    .default(5)
    .describe(
      'Logins per minute and address, and failed logins per minute, account and client network. The slower limits per account are multiples of it.',
    ),
  RATE_LIMIT_REGISTER: quota.default(20).describe('Registrations per minute and address.'),
  RATE_LIMIT_VERIFY: quota.default(30).describe('Token verifications per minute and address.'),
  RATE_LIMIT_WRITE: quota
    .default(30)
    .describe('Writes per minute and account. Per address, four times as many are allowed.'),
  RATE_LIMIT_SEARCH: quota.default(120).describe('Uncached searches and deep pages per minute and address.'),
  RATE_LIMIT_EMAIL_CONFLICTS: quota
    .default(5)
    .describe('How often per hour an address or an account may be told that an e-mail address is taken.'),
  RATE_LIMIT_NEW_CATEGORIES: quota
    .default(20)
    .describe('New categories per day and author. Administrators and imports are not limited.'),
};
