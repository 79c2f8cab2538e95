import { z } from 'zod';
import { isId } from '../../platform/openapi/api-values.js';

/** `:id` in a path. */
export const personReferenceSchema = z.strictObject({
  id: z.string().refine(isId, 'must be a whole number').transform(Number),
});
export type PersonReference = z.output<typeof personReferenceSchema>;
