function secondsOf(text: string, nowMs: number): number {
  if (/^\d+$/.test(text)) return Number(text);
  // Dates begin with a day of the week; Date.parse takes "-5" for one, too.
  return /^[a-z]/i.test(text) ? (Date.parse(text) - nowMs) / 1000 : NaN;
}

/**
 * What `Retry-After` asks for (RFC 9110, 10.2.3): a number of seconds, or a date.
 * @returns seconds from now, 0 or more; undefined when it says nothing that can be understood
 */
export function retryAfterSeconds(
  { 'retry-after': after }: Readonly<Record<string, unknown>>,
  nowMs = Date.now(),
): number | undefined {
  const seconds = typeof after === 'string' ? secondsOf(after.trim(), nowMs) : NaN;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}
