import type { InternalAxiosRequestConfig } from 'axios';
import type { HttpCallFailed } from './call-failed.js';
import { retryAfterSeconds } from './retry-after.js';

const ATTEMPTS = 3;
const FIRST_MS = 100;
const GREATEST_MS = 2_000;

/** RFC 9110, 9.2.2: sending these twice does what sending them once does. */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);
const PASSING_STATUS = new Set([429, 502, 503, 504]);

export function attemptsOf({ method, attempts, data }: InternalAxiosRequestConfig): number {
  const isRepeatable = IDEMPOTENT.has((method ?? 'GET').toUpperCase()) && !isStream(data);
  return attempts ?? (isRepeatable ? ATTEMPTS : 1);
}

const isStream = (data: unknown): boolean =>
  typeof (data as { pipe?: unknown } | undefined)?.pipe === 'function';

function isPassing({ reason, answer }: HttpCallFailed): boolean {
  if (reason === 'status') return PASSING_STATUS.has(answer?.status ?? 0);
  return reason === 'connection' || reason === 'unknown_host';
}

const askedMs = ({ answer }: HttpCallFailed): number =>
  1000 * (retryAfterSeconds(answer?.headers ?? {}) ?? 0);

/**
 * How long to wait before another attempt: somewhere up to twice as long each time, so that callers who failed together
 * do not come back together; never less than `Retry-After` asks for.
 * @param attempt 0 after the first
 * @returns undefined when another attempt would not help
 */
export function retryDelayMs(
  failure: HttpCallFailed,
  attempt: number,
  random = Math.random,
): number | undefined {
  if (!isPassing(failure)) return undefined;
  const jittered = random() * Math.min(GREATEST_MS, FIRST_MS * 2 ** attempt);
  return Math.max(jittered, askedMs(failure));
}
