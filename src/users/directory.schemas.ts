import { z } from 'zod';
import type { AuthorName } from './users-directory.service.js';
import { ROLES } from '../platform/access/principal.js';
import { MAX_ID } from '../platform/openapi/api-values.js';

/** The limit of ids per request. */
export const MAX_DIRECTORY_IDS = 100;

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

const readAt = { epoch: z.string(), snapshot: z.string().regex(/^\d+:\d+:[\d,]*$/) };

/** An answer of the directory: values with their tags, all from one snapshot, and the epoch of that snapshot. */
const answerOf = <T extends z.ZodType>(value: T) =>
  z.object({
    ...readAt,
    /** In the order of the request. */
    entries: z.array(z.object({ value: value.nullable(), tags: z.array(z.string()) })),
  });

export interface DirectoryAnswer<T = unknown> {
  readonly epoch: string;
  readonly snapshot: string;
  readonly entries: { readonly value: T | null; readonly tags: string[] }[];
}

/** The display name is empty if none is set. */
interface NameEntry {
  readonly value: string | null;
  readonly display_name?: string | undefined;
  readonly tags: string[];
}

export interface NamesAnswer extends DirectoryAnswer<string> {
  readonly entries: NameEntry[];
}

export const authorNameOf = ({ value, display_name: displayName }: NameEntry): AuthorName | null =>
  value === null ? null : { username: value, displayName: displayName || value };

/** Separate from the value, so that builds with and without display names understand each other. */
export const namesAnswerSchema = z.object({
  ...readAt,
  entries: z.array(
    z
      .object({
        value: z.string().nullable(),
        display_name: z.string().optional(),
        tags: z.array(z.string()),
      })
      .transform((entry) => ({ value: authorNameOf(entry), tags: entry.tags })),
  ),
});
export const idAnswerSchema = answerOf(z.int());
export const sessionAnswerSchema = answerOf(
  z.object({ id: z.string(), user_id: z.int(), username: z.string(), role: z.enum(ROLES) }),
);
