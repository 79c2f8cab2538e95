/** A session ends if it is not refreshed for this long … */
export const IDLE_MINUTES = 30;
/** A browser's session ends if it is not used for this long. Writers think for longer than half an hour. */
export const BROWSER_IDLE_DAYS = 14;
/** … and at the latest this long after the login. */
export const MAX_DAYS = 30;

const SECONDS_A_DAY = 86_400;

/** Seconds until a session ends at the latest. Access tokens must not outlive it. */
export const secondsLeft = (createdAt: Date, now: number = Date.now()): number =>
  Math.max(0, Math.floor((createdAt.getTime() - now) / 1000) + MAX_DAYS * SECONDS_A_DAY);
