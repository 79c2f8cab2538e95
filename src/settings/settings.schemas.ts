import { z } from 'zod';
import { fields, type SiteValues } from './settings.fields.js';

/** The public settings, as everybody sees them. */
export const siteSchema = z.strictObject(fields).meta({ id: 'Site' });

const nullable = <Field extends z.ZodType>(field: Field) => field.nullable().optional();

/** A merge patch (RFC 7396). */
export const siteChangesSchema = z
  .strictObject({
    title: nullable(fields.title),
    description: nullable(fields.description),
    language: nullable(fields.language),
    time_zone: nullable(fields.time_zone),
    posts_per_page: nullable(fields.posts_per_page),
    accent_color: nullable(fields.accent_color),
    navigation: nullable(fields.navigation),
    footer: nullable(fields.footer),
  })
  .meta({
    id: 'SiteChanges',
    description: 'Omitted members stay unchanged. `null` restores the value of a new blog.',
    examples: [{ title: 'Notes on tea', language: 'ko' }],
  });

/** Omitted members stay unchanged; null restores the default. */
export type SiteChanges = {
  readonly [Name in keyof SiteValues]?: SiteValues[Name] | null | undefined;
};
