import { toLocal } from '../parse-date.js';

/** The day of the year, from 1. */
const dayOfYear = (date: Date): number =>
  Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;

const twoDigits = (value: number): string => String(value).padStart(2, '0');

const SHORT_MONTH = new Intl.DateTimeFormat('en-US', { month: 'short', timeZone: 'UTC' });
const LONG_MONTH = new Intl.DateTimeFormat('en-US', { month: 'long', timeZone: 'UTC' });

/** The date placeholders of Jekyll and Hugo: `:year`, `:i_month`, … */
export function datePlaceholders(instant: Date, timeZone: string): Record<string, string> {
  const date = toLocal(instant, timeZone);
  const year = String(date.getUTCFullYear()).padStart(4, '0');
  const [month, day] = [date.getUTCMonth() + 1, date.getUTCDate()];
  return {
    year,
    short_year: year.slice(2),
    month: twoDigits(month),
    i_month: String(month),
    short_month: SHORT_MONTH.format(date),
    long_month: LONG_MONTH.format(date),
    monthname: LONG_MONTH.format(date).toLowerCase(),
    day: twoDigits(day),
    i_day: String(day),
    y_day: String(dayOfYear(date)).padStart(3, '0'),
    yearday: String(dayOfYear(date)),
    hour: twoDigits(date.getUTCHours()),
    minute: twoDigits(date.getUTCMinutes()),
    second: twoDigits(date.getUTCSeconds()),
  };
}

/**
 * Fills in a pattern such as `/:categories/:year/:title/`.
 * @returns undefined if it contains an unknown placeholder, because the address would be wrong
 */
export function fillPermalink(pattern: string, values: Readonly<Record<string, string>>): string | undefined {
  // Longest names first, so that `:i_month` is not read as `:i`.
  const names = Object.keys(values).sort((a, b) => b.length - a.length);
  const path = pattern.replace(
    new RegExp(`:(${names.join('|')})`, 'g'),
    (_, name: string) => values[name] ?? '',
  );
  return /:[a-z]/i.test(path) ? undefined : `/${path}`.replace(/\/{2,}/g, '/');
}
