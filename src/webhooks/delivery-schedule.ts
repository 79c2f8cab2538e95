const FIRST_DELAY_SECONDS = 5;
const MAX_DELAY_SECONDS = 6 * 3600;
/** So long after its first attempt a delivery is tried a last time. */
export const GIVE_UP_AFTER_SECONDS = 24 * 3600;
/** The receiver may ask for more patience than that, but not for much more. */
const MAX_RETRY_AFTER_SECONDS = 3600;
const JITTER = 0.2;

interface FailedAttempt {
  /** Attempts made, this one included. */
  readonly attempts: number;
  /** Seconds since the first one. */
  readonly ageSeconds: number;
  /** `Retry-After` of the answer. */
  readonly retryAfterSeconds?: number | undefined;
}

/**
 * When to try again: after about 5 s, 10 s, 20 s … 6 h, each up to a fifth more or less, and a last time after 24 h.
 * @returns seconds from now; null: not any more
 */
export function nextDelaySeconds(
  { attempts, ageSeconds, retryAfterSeconds = 0 }: FailedAttempt,
  random = Math.random(),
): number | null {
  const left = GIVE_UP_AFTER_SECONDS - ageSeconds;
  if (left <= 0) return null;
  const backoff = Math.min(MAX_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2 ** (attempts - 1));
  const jittered = backoff * (1 + JITTER * (2 * random - 1));
  const asked = Math.min(retryAfterSeconds, MAX_RETRY_AFTER_SECONDS);
  return Math.min(left, Math.max(jittered, asked));
}
