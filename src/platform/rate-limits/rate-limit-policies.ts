import type { Config } from '../../config.js';

/** A quota per window. `name` is shown to clients and used as a label in metrics. */
export interface RateLimitPolicy {
  readonly quota: number;
  readonly windowSeconds: number;
  /** Counted per process rather than in PostgreSQL, because counting there would cost what the limit should save. */
  readonly sparesPostgres?: true;
  /** The unit that the refusal names. Default: requests. */
  readonly counts?: string;
}

const WINDOW_SECONDS = 60;
const QUARTER_SECONDS = 900;
const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 86_400;

/** All rate limits. */
export const policiesOf = (config: Config) =>
  ({
    login: { quota: config.rateLimitLogin, windowSeconds: WINDOW_SECONDS },
    /** Failed passwords, by account and client network. */
    'login-account': { quota: config.rateLimitLogin, windowSeconds: WINDOW_SECONDS },
    // The same by account only, except from known devices. The longer an attack lasts, the longer the wait.
    'login-account-15m': { quota: 4 * config.rateLimitLogin, windowSeconds: QUARTER_SECONDS },
    'login-account-1h': { quota: 8 * config.rateLimitLogin, windowSeconds: HOUR_SECONDS },
    'login-account-1d': { quota: 20 * config.rateLimitLogin, windowSeconds: DAY_SECONDS },
    /**
     * Each costs as much as two logins. Counted by client network, and by account once the current password is
     * verified.
     */
    'password-change': { quota: 4 * config.rateLimitLogin, windowSeconds: WINDOW_SECONDS },
    'password-change-account': { quota: 2 * config.rateLimitLogin, windowSeconds: QUARTER_SECONDS },
    /** Answers that an e-mail address is taken, by client network and by the requesting account. */
    'email-conflict': { quota: config.rateLimitEmailConflicts, windowSeconds: HOUR_SECONDS },
    'email-conflict-account': { quota: config.rateLimitEmailConflicts, windowSeconds: HOUR_SECONDS },
    /** By author. Counted in the transaction that creates the category. */
    'new-category': {
      quota: config.rateLimitNewCategories,
      windowSeconds: DAY_SECONDS,
      counts: 'new categories',
    },
    /** By client network, which several people may share, and by account. */
    write: { quota: 4 * config.rateLimitWrite, windowSeconds: WINDOW_SECONDS },
    'write-account': { quota: config.rateLimitWrite, windowSeconds: WINDOW_SECONDS },
    /** Texts that the editor saves by itself, by client network: one a second, in several tabs. */
    'save-text': { quota: 8 * config.rateLimitWrite, windowSeconds: WINDOW_SECONDS },
    register: { quota: config.rateLimitRegister, windowSeconds: WINDOW_SECONDS },
    verify: { quota: config.rateLimitVerify, windowSeconds: WINDOW_SECONDS },
    search: { quota: config.rateLimitSearch, windowSeconds: WINDOW_SECONDS, sparesPostgres: true },
  }) satisfies Record<string, RateLimitPolicy>;

export type PolicyName = keyof ReturnType<typeof policiesOf>;
