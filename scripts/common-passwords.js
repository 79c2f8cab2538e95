import { dictionary } from '@zxcvbn-ts/language-common';
import { MIN_PASSWORD_LENGTH } from '../dist/platform/passwords/common-passwords.js';

const COUNT = 3_000;

/** The commonest passwords that are not refused for their length already, one a line. */
export const commonPasswords = () =>
  `${dictionary['passwords-common']
    .filter(({ length }) => length >= MIN_PASSWORD_LENGTH)
    .slice(0, COUNT)
    .join('\n')}\n`;
