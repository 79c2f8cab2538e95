import { z } from 'zod';
import { settingsFields, type SettingsChange, type SiteSettings } from '../../settings/settings.service.js';
import type { FormBody } from '../../platform/server/form-body.js';
import { parseForm, valueOf } from '../form.js';

/** The fields of the form, as text. */
const FORM_FIELDS = [
  ...['title', 'description', 'language', 'time_zone', 'posts_per_page', 'accent_color'],
  ...['navigation', 'footer', 'registration'],
] as const;

export type FormValues = Readonly<Record<string, string>>;

/** One link a line: a name, a bar, an address. */
const linksIn = (text: string): { label: string; url: string }[] =>
  text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const at = line.lastIndexOf('|');
      return at === -1
        ? { label: line.trim(), url: '' }
        : { label: line.slice(0, at).trim(), url: line.slice(at + 1).trim() };
    });

const { title, description, language, time_zone, posts_per_page, accent_color, navigation, footer } =
  settingsFields;

/** A field that the environment fixes is disabled, so browsers leave it out. */
const formSchema = z
  .strictObject({
    title,
    description,
    language,
    time_zone,
    posts_per_page: z.coerce.number().pipe(posts_per_page),
    accent_color,
    navigation: z.string().transform(linksIn).pipe(navigation),
    // Browsers send CRLF.
    footer: z
      .string()
      .transform((text) => text.replaceAll('\r\n', '\n'))
      .pipe(footer),
    registration: z.enum(['open', 'closed']),
    version: z.string().max(200),
  })
  .partial();

/** The change that a form requests, and the version that it was filled in for. @throws ValidationFailed 400 */
export function changesIn(form: FormBody): { changes: SettingsChange; ifMatch: string | undefined } {
  const { version, ...changes } = parseForm(formSchema, form);
  return { changes, ifMatch: version };
}

/** The settings as the form shows them. */
export const valuesOf = (settings: SiteSettings): FormValues => ({
  title: settings.title,
  description: settings.description,
  language: settings.language,
  time_zone: settings.time_zone,
  posts_per_page: String(settings.posts_per_page),
  accent_color: settings.accent_color,
  navigation: settings.navigation.map(({ label, url }) => `${label} | ${url}`).join('\n'),
  footer: settings.footer,
  registration: settings.registration,
});

/** The typed values, and the current settings for the fields that could not be edited. */
export const typedValues = (form: FormBody, settings: SiteSettings): FormValues => ({
  ...valuesOf(settings),
  ...Object.fromEntries(
    FORM_FIELDS.filter((name) => form[name] !== undefined).map((name) => [name, valueOf(form, name)]),
  ),
});
