import { dictionary } from '@zxcvbn-ts/language-common';

const COUNT = 3_000;
/** Shorter ones are refused for their length; they must not use up the list. */
export const MIN_PASSWORD_LENGTH = 8;

const commonest = new Set(
  dictionary['passwords-common'].filter(({ length }) => length >= MIN_PASSWORD_LENGTH).slice(0, COUNT),
);

/** Whether a password, in any case, is one of the 3,000 commonest of at least 8 characters. */
export const isCommonPassword = (password: string): boolean => commonest.has(password.toLowerCase());
