const WRITTEN =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}(?::?\d{2})?|[+-]\d{2})?$/i;
/**
 * `May 1, 2019`, `1 May 2019 10:00`, `Wed, 01 May 2019 10:00:00 +0000`: with the month's name, the order is
 * unambiguous.
 */
const WITH_MONTH_NAME = /^[\p{L}\d ,.:+-]*\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/iu;
const ENDS_WITH_ZONE = /(?:Z|UTC|GMT|[ECMP][SD]T|[+-]\d{2}:?\d{2})\)?$/i;

function offsetMs(zone: string): number {
  if (/^[a-z]/i.test(zone)) return 0;
  const [hours, minutes = '0'] = zone.slice(1).replace(':', '').match(/\d{2}/g) ?? ['0'];
  const ms = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return zone.startsWith('-') ? -ms : ms;
}

/** Formats are expensive to create, and there are few time zones. */
const formats = new Map<string, Intl.DateTimeFormat>();

function offsetFormat(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  formats.set(timeZone, format);
  return format;
}

/** How far a time zone is ahead of UTC at an instant. @throws RangeError if the time zone is unknown */
function zoneOffsetMs(instantMs: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0;
  const parts = offsetFormat(timeZone).formatToParts(instantMs);
  const name = parts.find((part) => part.type === 'timeZoneName')?.value.slice('GMT'.length) ?? '';
  return name === '' ? 0 : offsetMs(name.replace('−', '-'));
}

/** The local time of a zone at an instant, in the UTC fields of a Date. */
export const toLocal = (instant: Date, timeZone: string): Date =>
  new Date(instant.getTime() + zoneOffsetMs(instant.getTime(), timeZone));

/** The instant of a local time. In a gap or an overlap, one of the two neighbours. */
function fromLocal(localMs: number, timeZone: string): number {
  const guess = localMs - zoneOffsetMs(localMs, timeZone);
  return localMs - zoneOffsetMs(guess, timeZone);
}

function fromNumbers(match: RegExpExecArray, timeZone: string): number {
  const [year, month, day, hour, minute, second] = match
    .slice(1, 7)
    .map((digits: string | undefined) => Number(digits ?? '0'));
  const milliseconds = Number((match[7] ?? '0').padEnd(3, '0').slice(0, 3));
  const local = new Date(0);
  local.setUTCFullYear(year!, month! - 1, day);
  local.setUTCHours(hour!, minute, second, milliseconds);
  // Otherwise, 2019-02-30 would silently become a day in March.
  if (local.getUTCMonth() !== month! - 1 || local.getUTCDate() !== day || hour! > 23) return NaN;
  const zone = match[8];
  return zone === undefined ? fromLocal(local.getTime(), timeZone) : local.getTime() - offsetMs(zone);
}

function fromWords(text: string, timeZone: string): number {
  if (ENDS_WITH_ZONE.test(text)) return Date.parse(text);
  const asIfUtc = Date.parse(`${text} UTC`);
  return Number.isNaN(asIfUtc) ? NaN : fromLocal(asIfUtc, timeZone);
}

/**
 * Parses a date as people write it in front matter: ISO 8601 and similar forms, or with the month's name.
 * @param timeZone an IANA name, used for a time without a zone
 * @returns undefined if the date is ambiguous (`01/05/2019`) or outside the years 1 to 9999
 */
export function parseDate(text: string, timeZone = 'UTC'): Date | undefined {
  const trimmed = text.trim().replace(/^(\d{4})\/(\d{1,2})\/(\d{1,2})/, '$1-$2-$3');
  const match = WRITTEN.exec(trimmed);
  const ms =
    match !== null
      ? fromNumbers(match, timeZone)
      : WITH_MONTH_NAME.test(trimmed)
        ? fromWords(trimmed, timeZone)
        : NaN;
  if (Number.isNaN(ms)) return undefined;
  const date = new Date(ms);
  return date.getUTCFullYear() >= 1 && date.getUTCFullYear() <= 9999 ? date : undefined;
}
