import { z } from 'zod';

/** People follow links with `utm_source` and the like: what a page does not know, or cannot read, it leaves out. */
const lenient = z.string().min(1).max(200).optional().catch(undefined);

export const pageQuerySchema = z.object({
  category: lenient,
  tag: lenient,
  author: lenient,
  q: lenient,
  cursor: z.string().min(1).max(200).optional().catch(undefined),
});
export type PageQuery = z.output<typeof pageQuerySchema>;

export const slugSchema = z.object({ slug: z.string() });
