import { z } from 'zod';
import { ROLES } from '../platform/access/principal.js';

/** As many ids as one question may have. */
export const MAX_DIRECTORY_IDS = 100;

const MAX_ID = 2_147_483_647;

export const directoryIdsSchema = z.strictObject({
  ids: z
    .string()
    .regex(/^\d+(,\d+)*$/)
    .transform((text) => text.split(',').map(Number))
    .refine((ids) => ids.length <= MAX_DIRECTORY_IDS && ids.every((id) => id <= MAX_ID)),
});
export type DirectoryIds = z.output<typeof directoryIdsSchema>;

export const directoryNameSchema = z.strictObject({ username: z.string().max(100) });
export const directorySessionSchema = z.strictObject({ id: z.uuid() });

/** What one process tells another: each value with its tags, all of one snapshot, and the history that one belongs to. */
const answerOf = <T extends z.ZodType>(value: T) =>
  z.object({
    epoch: z.string(),
    snapshot: z.string().regex(/^\d+:\d+:[\d,]*$/),
    /** In the order asked for. */
    entries: z.array(z.object({ value: value.nullable(), tags: z.array(z.string()) })),
  });

export interface DirectoryAnswer<T = unknown> {
  readonly epoch: string;
  readonly snapshot: string;
  readonly entries: { readonly value: T | null; readonly tags: string[] }[];
}

export const namesAnswerSchema = answerOf(z.string());
export const idAnswerSchema = answerOf(z.int());
export const sessionAnswerSchema = answerOf(
  z.object({ id: z.string(), user_id: z.int(), username: z.string(), role: z.enum(ROLES) }),
);
