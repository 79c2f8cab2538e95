import { z } from 'zod';
import { ROLES } from '../platform/access/principal.js';
import { newPasswordSchema, presentedPasswordSchema } from '../platform/passwords/password.schemas.js';
import { isReservedUserName, isUserName } from './user-name.js';

const MAX_ID = 2_147_483_647;
const MAX_IDS = 100;
const MAX_EMAIL_LENGTH = 254;
const MAX_DISPLAY_NAME_LENGTH = 100;
const MAX_BIO_LENGTH = 2_000;

const idSchema = z
  .int()
  .positive()
  .meta({ description: 'Number of the user.', examples: [7] });
const usernameSchema = z.string().meta({ examples: ['ada'] });
const roleSchema = z.enum(ROLES);
const timeSchema = z.iso.datetime().meta({ examples: ['2026-01-31T09:30:00.000Z'] });

const newUsernameSchema = z
  .string()
  .refine(isUserName, 'must be 3–30 characters of a–z, 0–9, "_" and "-", beginning with a letter')
  .refine((name) => !isReservedUserName(name), 'is reserved')
  .meta({
    description: 'Never changes. Some names are reserved.',
    pattern: '^[a-z][a-z0-9_-]{2,29}$',
    examples: ['ada'],
  });

/** Kept as written but for the host, which has no case; unique whatever the case. */
const emailSchema = z
  .string()
  .trim()
  .max(MAX_EMAIL_LENGTH, 'must have at most 254 characters')
  .pipe(z.email('must be an e-mail address'))
  .transform((address) => address.replace(/@.*$/, (host) => host.toLowerCase()))
  .meta({ description: 'Shown to its owner and to admins alone.', examples: ['ada@example.org'] });

const isId = (text: string): boolean => /^[1-9]\d{0,9}$/.test(text) && Number(text) <= MAX_ID;

/** `:id` of a path. */
export const userReferenceSchema = z
  .strictObject({
    id: z
      .string()
      .refine((text) => isId(text) || isUserName(text), 'must be the number or the name of a user'),
  })
  .meta({ description: 'Number or name of a user.' });

export const userListQuerySchema = z.strictObject({
  ids: z
    .string()
    .transform((text) => [...new Set(text.split(','))])
    .refine((ids) => ids.every(isId), 'must be numbers with commas between')
    .refine((ids) => ids.length <= MAX_IDS, `must be at most ${MAX_IDS}`)
    .transform((ids) => ids.map(Number))
    .meta({ description: 'Up to 100 numbers, with commas between.', examples: ['1,2,3'] }),
});

export const registrationSchema = z
  .strictObject({ username: newUsernameSchema, email: emailSchema, password: newPasswordSchema })
  .meta({ id: 'Registration' });

export const userChangesSchema = z
  .strictObject({
    email: emailSchema,
    display_name: z
      .string()
      .trim()
      .max(MAX_DISPLAY_NAME_LENGTH)
      .refine((name) => !/\p{Cc}/u.test(name), 'must be one line without control characters'),
    bio: z.string().trim().max(MAX_BIO_LENGTH),
    password: newPasswordSchema,
    current_password: presentedPasswordSchema.meta({
      description: 'Needed to change one’s own password.',
    }),
  })
  .partial()
  .meta({ id: 'UserChanges', description: 'What is left out stays as it is.' });

export const registeredUserSchema = z
  .object({ id: idSchema, username: usernameSchema, email: z.email(), created_at: timeSchema })
  .meta({ id: 'RegisteredUser' });

export const profileSchema = z
  .object({
    id: idSchema,
    username: usernameSchema,
    display_name: z.string(),
    bio: z.string(),
    role: roleSchema,
    created_at: timeSchema,
  })
  .meta({ id: 'Profile', description: 'What everybody may know of a user.' });

export const accountSchema = profileSchema
  .extend({ email: z.email().nullable(), updated_at: timeSchema })
  .meta({ id: 'Account', description: 'What a user and admins may know of the user.' });

export type UserReference = z.output<typeof userReferenceSchema>;
export type UserListQuery = z.output<typeof userListQuerySchema>;
export type Registration = z.output<typeof registrationSchema>;
export type UserChanges = z.output<typeof userChangesSchema>;
export type RegisteredUser = z.output<typeof registeredUserSchema>;
export type Account = z.output<typeof accountSchema>;
