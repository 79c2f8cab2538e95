import { z } from 'zod';
import { normalise } from '../platform/text/normalise.js';

/** Languages of the public pages. */
export const LANGUAGES = ['en', 'ko'] as const;
export type Language = (typeof LANGUAGES)[number];

const MAX_NAVIGATION_LINKS = 20;
const MAX_URL_LENGTH = 500;

const lengthOf = (text: string): number => [...text].length;
const atMost = (max: number) => ({ error: `must have at most ${max} characters`, abort: true });

/** Lengths are counted in characters (code points), as in JSON Schema, not in UTF-16 units. */
const text = (max: number) =>
  z
    .string()
    .trim()
    .refine((value) => lengthOf(value) <= max, atMost(max))
    .overwrite((value) => normalise(value, 'NFC'))
    .refine((value) => lengthOf(value) <= max, atMost(max))
    .meta({ maxLength: max });

const line = (max: number) =>
  text(max).refine((value) => !/[\p{Cc}\u2028\u2029]/u.test(value), 'must be one line');

/** Text with at least one visible character. */
const label = (max: number) =>
  line(max)
    .refine((value) => /[^\p{C}\p{Z}\s\u{115f}\u{1160}\u{2800}\u{3164}\u{ffa0}]/u.test(value), {
      error: 'must not be empty',
      abort: true,
    })
    .meta({ minLength: 1, maxLength: max });

/** Only the zones that the database of the Internet Assigned Numbers Authority names: no offsets, no `EST5EDT`. */
function isTimeZone(name: string): boolean {
  if (name !== 'UTC' && !/^[A-Z][A-Za-z]+(?:\/[A-Z][A-Za-z0-9_+-]*)+$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format() !== '';
  } catch {
    return false;
  }
}

/** A path of this server. Browsers read `//host` and `/\host` as another server. */
const isOwnPath = (url: string): boolean => /^\/(?![/\\])/.test(url);

const isWebAddress = (url: string): boolean => {
  if (!/^https?:\/\//i.test(url)) return false;
  const parsed = URL.parse(url);
  return parsed !== null && parsed.hostname !== '' && parsed.username === '' && parsed.password === '';
};

const url = z
  .string()
  .trim()
  .max(MAX_URL_LENGTH, `must have at most ${MAX_URL_LENGTH} characters`)
  .refine(
    (value) => !/[\s\p{C}]/u.test(value) && (isOwnPath(value) || isWebAddress(value)),
    'must begin with https://, http:// or a single /',
  )
  .meta({ examples: ['/blog/posts/about'], maxLength: MAX_URL_LENGTH });

const navigationLink = z
  .strictObject({ label: label(50).meta({ examples: ['About'] }), url })
  .meta({ id: 'NavigationLink' });

/** The settings that an administrator can change, member by member. */
export const fields = {
  title: label(100)
    .meta({ examples: ['Notes on tea'] })
    .describe('The name of the blog.'),
  description: line(300)
    .meta({ examples: ['What I learn about tea.'] })
    .describe('One sentence about the blog, for search engines and previews. May be empty.'),
  language: z.enum(LANGUAGES).describe('Language of the public pages.'),
  time_zone: z
    .string()
    .max(64)
    .refine(isTimeZone, 'must be the IANA name of a time zone, such as Europe/Berlin')
    .meta({ examples: ['Asia/Seoul'] })
    .describe('IANA name of the time zone of the dates on the public pages.'),
  posts_per_page: z
    .int()
    .min(1)
    .max(100)
    .meta({ examples: [10] })
    .describe('Posts on one page of a list.'),
  accent_color: z
    .string()
    .regex(/^#[0-9A-Fa-f]{6}$/, 'must be a colour such as #1f5fae')
    .overwrite((value) => value.toLowerCase())
    .meta({ examples: ['#1f5fae'], maxLength: 7 })
    .describe(
      'Colour of links, as `#rrggbb`. A page uses a darker or lighter shade where it would be hard to read.',
    ),
  navigation: z
    .array(navigationLink)
    .max(MAX_NAVIGATION_LINKS)
    .describe('Links on top of every page: to web addresses and to paths of this server.'),
  footer: text(1_000)
    .meta({ examples: ['By *Ada*.'] })
    .describe('Markdown at the end of every page. May be empty.'),
};

export type FieldName = keyof typeof fields;
export const FIELD_NAMES = Object.keys(fields) as FieldName[];

/** The values of all public settings. */
export type SiteValues = { [Name in FieldName]: z.output<(typeof fields)[Name]> };

/** The settings of a new blog. */
export const DEFAULTS: SiteValues = {
  title: 'My blog',
  description: '',
  language: 'en',
  time_zone: 'UTC',
  posts_per_page: 10,
  accent_color: '#1f5fae',
  navigation: [],
  footer: '',
};
