import { readFileSync } from 'node:fs';

/** Shorter ones are refused for their length. */
export const MIN_PASSWORD_LENGTH = 8;

/** One a line, in lower case, made by `npm run generate`. */
const commonest = new Set(
  readFileSync(new URL('./common-passwords.txt', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n'),
);

/** Whether a password, in any case, is one of the 3,000 commonest of at least 8 characters. */
export const isCommonPassword = (password: string): boolean => commonest.has(password.toLowerCase());
