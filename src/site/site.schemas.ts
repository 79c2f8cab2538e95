import { z } from 'zod';

/** Links may carry parameters such as `utm_source`. A page ignores parameters that it does not know or cannot parse. */
const lenient = z.string().min(1).max(200).optional().catch(undefined);

export const pageQuerySchema = z.object({
  category: lenient,
  tag: lenient,
  author: lenient,
  q: lenient,
  cursor: z.string().min(1).max(200).optional().catch(undefined),
});
export type PageQuery = z.output<typeof pageQuerySchema>;

export const categoriesQuerySchema = z.object({ page: z.coerce.number().int().min(1).max(10_000).catch(1) });
export type CategoriesQuery = z.output<typeof categoriesQuerySchema>;

/** The style sheet of a page by another build may lack parameters. */
export const stylesheetQuerySchema = z.object({
  v: lenient,
  accent: z
    .string()
    .regex(/^[0-9a-f]{6}$/)
    .optional()
    .catch(undefined),
});
export type StylesheetQuery = z.output<typeof stylesheetQuerySchema>;

export const slugSchema = z.object({ slug: z.string() });
