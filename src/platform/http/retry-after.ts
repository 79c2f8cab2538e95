function secondsOf(text: string, nowMs: number): number {
  if (/^\d+$/.test(text)) return Number(text);
  // A date starts with the day of the week. Date.parse would even accept "-5".
  return /^[a-z]/i.test(text) ? (Date.parse(text) - nowMs) / 1000 : NaN;
}

/**
 * Parses `Retry-After` (RFC 9110, 10.2.3), a number of seconds or a date.
 * @returns seconds from now, 0 or more; undefined if the header is missing or unreadable
 */
export function retryAfterSeconds(
  { 'retry-after': after }: Readonly<Record<string, unknown>>,
  nowMs = Date.now(),
): number | undefined {
  const seconds = typeof after === 'string' ? secondsOf(after.trim(), nowMs) : NaN;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}
