import { z } from 'zod';

/** A whole number in a query. */
export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    // The API document would otherwise show a string.
    .meta({ type: 'integer', minimum: min, maximum: max });
