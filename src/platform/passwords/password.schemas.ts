import { z } from 'zod';
import { normalisedPassword } from './normalised-password.js';

const MIN_PASSWORD_LENGTH = 8;
/** Argon2 reads the whole password, so without a limit long passwords could keep the server busy. */
const MAX_PASSWORD_LENGTH = 128;
const TOO_LONG = 'must have at most 128 characters';

/** The length in code points of the text that is hashed, so that an emoji counts as one character. */
const lengthOf = (password: string): number => Array.from(normalisedPassword(password)).length;

/** A code point takes one or two UTF-16 units. Longer input is not examined further. */
const passwordSchema = z
  .string()
  .max(2 * MAX_PASSWORD_LENGTH, { error: TOO_LONG, abort: true })
  .refine((password) => lengthOf(password) <= MAX_PASSWORD_LENGTH, TOO_LONG);

/** A new password. PasswordStrength checks how easy it is to guess, because it knows the owner. */
export const newPasswordSchema = passwordSchema
  .refine((password) => lengthOf(password) >= MIN_PASSWORD_LENGTH, 'must have at least 8 characters')
  .meta({
    description:
      '8–128 characters after NFKC, not easy to guess, and neither your name nor your e-mail address.',
    minLength: MIN_PASSWORD_LENGTH,
    maxLength: MAX_PASSWORD_LENGTH,
    format: 'password',
    examples: ['a quiet green kettle'],
  });

/** A password sent to log in. It may have been chosen under older rules. */
export const presentedPasswordSchema = passwordSchema
  .min(1)
  .meta({ maxLength: MAX_PASSWORD_LENGTH, format: 'password', examples: ['a quiet green kettle'] });
