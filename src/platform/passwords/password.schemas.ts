import { z } from 'zod';
import { isCommonPassword, MIN_PASSWORD_LENGTH } from './common-passwords.js';

/** Argon2 reads all of it: without a cap, a long password is a cheap way to keep the server busy. */
const MAX_PASSWORD_LENGTH = 128;

/** Characters as people count them, roughly: code points, so that an emoji is one. */
const lengthOf = (text: string): number => Array.from(text).length;

/** A password that somebody chooses. */
export const newPasswordSchema = z
  .string()
  .refine((password) => lengthOf(password) >= MIN_PASSWORD_LENGTH, 'must have at least 8 characters')
  .refine((password) => lengthOf(password) <= MAX_PASSWORD_LENGTH, 'must have at most 128 characters')
  .refine((password) => !isCommonPassword(password), 'is one of the 3,000 commonest passwords')
  .meta({
    description: '8–128 characters, none of the 3,000 commonest passwords.',
    format: 'password',
    examples: ['a quiet green kettle'],
  });

/** A password that somebody shows: any that could have been chosen once. */
export const presentedPasswordSchema = z
  .string()
  .min(1)
  .refine((password) => lengthOf(password) <= MAX_PASSWORD_LENGTH, 'must have at most 128 characters')
  .meta({ format: 'password', examples: ['a quiet green kettle'] });
