import { z } from 'zod';
import { isId, MAX_ID } from '../platform/openapi/api-values.js';
import { categoryNameSchema } from './posts.schemas.js';

const COLOR = /^#[0-9a-f]{6}$/i;

const colorSchema = z
  .string()
  .regex(COLOR, 'must be a colour as #rrggbb')
  .transform((color) => color.toLowerCase())
  .meta({ description: 'Shown as a dot beside the name.', maxLength: 7, examples: ['#2b6f9c'] });

export const categoryChangesSchema = z
  .strictObject({
    name: categoryNameSchema
      .describe('Unique regardless of case. The slug follows it, and the former slug redirects.')
      .optional(),
    color: colorSchema.optional(),
  })
  .meta({
    id: 'CategoryChanges',
    description: 'Omitted members stay unchanged.',
    examples: [{ name: 'Kitchen', color: '#2b6f9c' }],
  });
export type CategoryChanges = z.output<typeof categoryChangesSchema>;

export const categoryMergeSchema = z
  .strictObject({
    into: z
      .int()
      .min(1)
      .max(MAX_ID)
      .describe('Id of the category that gets the posts.')
      .meta({ examples: [1] }),
  })
  .meta({ id: 'CategoryMerge' });
export type CategoryMergeBody = z.output<typeof categoryMergeSchema>;

/** `:id` in a path. */
export const categoryReferenceSchema = z.strictObject({
  id: z
    .string()
    .refine(isId, 'must be a whole number')
    .transform(Number)
    // The API document would otherwise show a string.
    .meta({
      type: 'integer',
      minimum: 1,
      maximum: MAX_ID,
      description: 'Id of the category.',
      examples: [2],
    }),
});
export type CategoryReference = z.output<typeof categoryReferenceSchema>;
