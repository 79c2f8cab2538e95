import type { InternalAxiosRequestConfig } from 'axios';
import type { HttpCallFailed } from './call-failed.js';
import { retryAfterSeconds } from './retry-after.js';

const ATTEMPTS = 3;
const FIRST_MS = 100;
const GREATEST_MS = 2_000;

/** Sending these twice has the same effect as sending them once (RFC 9110, 9.2.2). */
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
 * The delay before another attempt. Its upper bound doubles each time, and it is random, so that callers that failed
 * together do not retry together. It is never less than `Retry-After`.
 * @param attempt 0 after the first attempt
 * @returns undefined if another attempt would not help
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
