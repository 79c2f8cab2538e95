import { z } from 'zod';
import { ROLES } from '../platform/access/principal.js';
import { isId, MAX_ID, timeSchema } from '../platform/openapi/api-values.js';
import { newPasswordSchema, presentedPasswordSchema } from '../platform/passwords/password.schemas.js';
import { isReservedUserName, isUserName } from './user-name.js';

export const MAX_IDS = 100;
const MAX_EMAIL_LENGTH = 254;
const MAX_DISPLAY_NAME_LENGTH = 100;
const MAX_BIO_LENGTH = 2_000;

const idSchema = z
  .int()
  .positive()
  .max(MAX_ID)
  .meta({ description: 'Id of the user.', examples: [7] });
const usernameSchema = z
  .string()
  .meta({ maxLength: 30, pattern: '^[a-z][a-z0-9_-]{2,29}$', examples: ['ada'] });
const shownEmailSchema = z.email().meta({ maxLength: MAX_EMAIL_LENGTH, examples: ['ada@example.org'] });
const roleSchema = z.enum(ROLES);

const newUsernameSchema = z
  .string()
  .refine(isUserName, 'must be 3–30 characters of a–z, 0–9, "_" and "-", beginning with a letter')
  .refine((name) => !isReservedUserName(name), 'is reserved')
  .meta({
    description: 'Never changes. Some names are reserved.',
    maxLength: 30,
    pattern: '^[a-z][a-z0-9_-]{2,29}$',
    examples: ['ada'],
  });

/** Kept as written, except for the case-insensitive host. Unique regardless of case. */
const emailSchema = z
  .string()
  .trim()
  .max(MAX_EMAIL_LENGTH, 'must have at most 254 characters')
  // Set here rather than below, because a transformed schema has no example of its input.
  .meta({ format: 'email', examples: ['ada@example.org'] })
  .pipe(z.email('must be an e-mail address'))
  .transform((address) => address.replace(/@.*$/, (host) => host.toLowerCase()))
  .meta({ description: 'Visible to the user and to administrators only.' });

/** `:id` in a path. */
export const userReferenceSchema = z.strictObject({
  id: z
    .string()
    .refine((text) => isId(text) || isUserName(text), 'must be the id or the name of a user')
    .meta({
      description: 'Id or name of a user.',
      maxLength: 30,
      pattern: '^(?:[1-9][0-9]{0,9}|[a-z][a-z0-9_-]{2,29})$',
      examples: ['ada'],
    }),
});

export const userListQuerySchema = z.strictObject({
  ids: z
    .string()
    .transform((text) => [...new Set(text.split(','))])
    .refine((ids) => ids.every(isId), 'must be ids separated by commas')
    .refine((ids) => ids.length <= MAX_IDS, `must be at most ${MAX_IDS}`)
    .transform((ids) => ids.map(Number))
    .meta({
      description: 'Up to 100 ids, separated by commas.',
      maxLength: 11 * MAX_IDS,
      pattern: '^[0-9]+(?:,[0-9]+)*$',
      examples: ['1,2,3'],
    }),
});

export const registrationSchema = z
  .strictObject({ username: newUsernameSchema, email: emailSchema, password: newPasswordSchema })
  .meta({ id: 'Registration' });

/** The input of `inkwell user create`. */
export const createdAccountSchema = registrationSchema.extend({
  email: emailSchema.optional(),
  role: roleSchema,
});

export const userChangesSchema = z
  .strictObject({
    email: emailSchema,
    display_name: z
      .string()
      .trim()
      .max(MAX_DISPLAY_NAME_LENGTH)
      .refine((name) => !/\p{Cc}/u.test(name), 'must be one line without control characters')
      .meta({ examples: ['Ada L.'] }),
    bio: z
      .string()
      .trim()
      .max(MAX_BIO_LENGTH)
      .meta({ examples: ['Writes about tea.'] }),
    password: newPasswordSchema,
    current_password: presentedPasswordSchema.meta({
      description: 'Required to change your own password.',
    }),
  })
  .partial()
  .meta({
    id: 'UserChanges',
    description: 'Omitted members stay unchanged.',
    examples: [{ display_name: 'Ada L.', bio: 'Writes about tea.' }],
  });

/** The password of the caller, even if the account is another user's. */
export const accountRemovalSchema = z
  .strictObject({
    current_password: presentedPasswordSchema.meta({
      description: 'The password of the caller, even if the account is another user’s.',
    }),
  })
  .meta({ id: 'AccountRemoval' });

export const registeredUserSchema = z
  .object({ id: idSchema, username: usernameSchema, email: shownEmailSchema, created_at: timeSchema })
  .meta({ id: 'RegisteredUser' });

export const profileSchema = z
  .object({
    id: idSchema,
    username: usernameSchema,
    display_name: z.string().meta({ maxLength: MAX_DISPLAY_NAME_LENGTH, examples: ['Ada L.'] }),
    bio: z.string().meta({ maxLength: MAX_BIO_LENGTH, examples: ['Writes about tea.'] }),
    role: roleSchema,
    created_at: timeSchema,
  })
  .meta({ id: 'Profile', description: 'What everyone may see of a user.' });

export const accountSchema = profileSchema
  .extend({ email: shownEmailSchema.nullable(), updated_at: timeSchema })
  .meta({ id: 'Account', description: 'What the user and administrators may see.' });

export type UserReference = z.output<typeof userReferenceSchema>;
export type UserListQuery = z.output<typeof userListQuerySchema>;
export type Registration = z.output<typeof registrationSchema>;
export type CreatedAccount = z.output<typeof createdAccountSchema>;
export type UserChanges = z.output<typeof userChangesSchema>;
export type AccountRemoval = z.output<typeof accountRemovalSchema>;
export type RegisteredUser = z.output<typeof registeredUserSchema>;
export type Account = z.output<typeof accountSchema>;
