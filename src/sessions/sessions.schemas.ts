import { z } from 'zod';

const timeSchema = z.iso.datetime().meta({ examples: ['2026-01-31T09:30:00.000Z'] });

/** `:id` of a path. */
export const sessionReferenceSchema = z.strictObject({ id: z.uuid() });

export const sessionSchema = z
  .object({
    id: z.uuid(),
    user_agent: z.string().meta({ description: 'What the client called itself at the login.' }),
    created_at: timeSchema,
    refreshed_at: timeSchema,
    expires_at: timeSchema.meta({ description: 'When it ends unless it is refreshed before.' }),
    current: z.boolean().meta({ description: 'Whether this request belongs to it.' }),
  })
  .meta({ id: 'Session' });

export type SessionReference = z.output<typeof sessionReferenceSchema>;
