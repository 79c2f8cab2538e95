const FIRST_DELAY_SECONDS = 5;
const MAX_DELAY_SECONDS = 6 * 3600;
/** The last attempt comes this long after the first. */
export const GIVE_UP_AFTER_SECONDS = 24 * 3600;
/** The longest `Retry-After` that is honoured. */
const MAX_RETRY_AFTER_SECONDS = 3600;
const JITTER = 0.2;

interface FailedAttempt {
  /** Attempts so far, including this one. */
  readonly attempts: number;
  /** Seconds since the first attempt. */
  readonly ageSeconds: number;
  /** `Retry-After` of the answer. */
  readonly retryAfterSeconds?: number | undefined;
}

/**
 * The delay until the next attempt: about 5 s, 10 s, 20 s … 6 h, each up to a fifth shorter or longer. The last attempt
 * comes after 24 h.
 * @returns seconds from now; null to give up
 */
export function nextDelaySeconds(
  { attempts, ageSeconds, retryAfterSeconds = 0 }: FailedAttempt,
  random = Math.random(),
): number | null {
  const left = GIVE_UP_AFTER_SECONDS - ageSeconds;
  if (left <= 0) return null;
  const backoff = Math.min(MAX_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2 ** (attempts - 1));
  const jittered = backoff * (1 + JITTER * (2 * random - 1));
  const requested = Math.min(retryAfterSeconds, MAX_RETRY_AFTER_SECONDS);
  return Math.min(left, Math.max(jittered, requested));
}
