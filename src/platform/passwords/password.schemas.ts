import { z } from 'zod';
import { isCommonPassword, MIN_PASSWORD_LENGTH } from './common-passwords.js';

/** Argon2 reads all of it: without a cap, a long password is a cheap way to keep the server busy. */
const MAX_PASSWORD_LENGTH = 128;
const TOO_LONG = 'must have at most 128 characters';

/** Characters as people count them, roughly: code points, so that an emoji is one. */
const lengthOf = (text: string): number => Array.from(text).length;

/** A code point takes one or two units of UTF-16; what is longer than that is not looked at further. */
const passwordSchema = z
  .string()
  .max(2 * MAX_PASSWORD_LENGTH, { error: TOO_LONG, abort: true })
  .refine((password) => lengthOf(password) <= MAX_PASSWORD_LENGTH, TOO_LONG);

/** A password that somebody chooses. */
export const newPasswordSchema = passwordSchema
  .refine((password) => lengthOf(password) >= MIN_PASSWORD_LENGTH, 'must have at least 8 characters')
  .refine((password) => !isCommonPassword(password), 'is one of the 3,000 commonest passwords')
  .meta({
    description: '8–128 characters, none of the 3,000 commonest passwords.',
    minLength: MIN_PASSWORD_LENGTH,
    maxLength: MAX_PASSWORD_LENGTH,
    format: 'password',
    examples: ['a quiet green kettle'],
  });

/** A password that somebody shows: any that could have been chosen once. */
export const presentedPasswordSchema = passwordSchema
  .min(1)
  .meta({ maxLength: MAX_PASSWORD_LENGTH, format: 'password', examples: ['a quiet green kettle'] });
