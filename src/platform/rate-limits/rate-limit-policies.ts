import type { Config } from '../../config.js';

/** How many times in a window. `name` is shown to clients and counted in metrics. */
export interface RateLimitPolicy {
  readonly quota: number;
  readonly windowSeconds: number;
}

const WINDOW_SECONDS = 60;

/** Every limit there is. Those that a route carries are counted by client address. */
export const policiesOf = (config: Config) =>
  ({
    login: { quota: config.rateLimitLogin, windowSeconds: WINDOW_SECONDS },
    /** Failures to show the right password, by account. */
    'login-account': { quota: config.rateLimitLogin, windowSeconds: WINDOW_SECONDS },
    register: { quota: config.rateLimitRegister, windowSeconds: WINDOW_SECONDS },
    verify: { quota: config.rateLimitVerify, windowSeconds: WINDOW_SECONDS },
  }) satisfies Record<string, RateLimitPolicy>;

export type PolicyName = keyof ReturnType<typeof policiesOf>;
