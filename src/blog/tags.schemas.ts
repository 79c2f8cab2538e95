import { z } from 'zod';
import { wholeNumber } from '../platform/openapi/whole-number.js';

export const tagListSchema = z.strictObject({
  q: z.string().min(1).max(50).optional().describe('The beginning of a tag, in any script.'),
  limit: wholeNumber(1, 100).default(100).describe('Tags per page. Default: 100.'),
  cursor: z
    .string()
    .max(100)
    .regex(/^[a-z0-9-]+$/, 'must be from a next link')
    .optional()
    .describe('From the `next` link of the previous page.'),
});
export type TagListQuery = z.output<typeof tagListSchema>;
