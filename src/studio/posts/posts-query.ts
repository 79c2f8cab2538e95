import { z } from 'zod';
import { POST_SORTS, POST_STATUSES } from '../../blog/posts.service.js';

/** A form sends an empty text for a filter that is not set. Anything else that is no filter is ignored. */
const filter = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);

export const postsQuerySchema = z.object({
  /** Of everybody, for administrators. */
  whose: z.enum(['mine', 'all']).catch('mine'),
  status: filter(z.enum(POST_STATUSES)),
  /** Slug. */
  category: filter(z.string().min(1).max(100)),
  q: filter(z.string().trim().min(1).max(200)),
  sort: z.enum(POST_SORTS).catch('newest'),
  cursor: filter(z.string().min(1).max(2000)),
});
export type PostsQuery = z.output<typeof postsQuerySchema>;
