import { z } from 'zod';
import { timeSchema } from '../platform/openapi/api-values.js';

/**
 * The number of sessions is limited only by their expiry. This is the largest count that the API document can state.
 */
export const MAX_LISTED = 2_147_483_647;

/** `:id` in a path. */
export const sessionReferenceSchema = z.strictObject({
  id: z.uuid().meta({ description: 'Id of the session.' }),
});

export const sessionSchema = z
  .object({
    id: z.uuid(),
    user_agent: z.string().meta({
      description: 'The user agent of the client at the login.',
      maxLength: 200,
      examples: ['curl/8.14.1'],
    }),
    created_at: timeSchema,
    refreshed_at: timeSchema,
    expires_at: timeSchema.meta({ description: 'When the session ends unless it is refreshed before.' }),
    current: z.boolean().meta({ description: 'Whether the session is that of this request.' }),
  })
  .meta({ id: 'Session' });

export type SessionReference = z.output<typeof sessionReferenceSchema>;
