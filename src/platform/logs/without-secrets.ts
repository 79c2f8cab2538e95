const HIDDEN = '[hidden]';

/** Forms that secrets and addresses of people have, wherever they stand: in messages of drivers and of other people's code. */
const FORMS: readonly [pattern: RegExp, replacement: string][] = [
  // The password of an address: postgres://user:password@host.
  [/(\w+:\/\/[^\s:/@]*:)[^\s@]+@/g, `$1${HIDDEN}@`],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, `$1 ${HIDDEN}`],
  // A JSON Web Token.
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, HIDDEN],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, HIDDEN],
];

/** @returns `text` with what looks like a secret or an e-mail address hidden */
export const withoutSecrets = (text: string): string =>
  FORMS.reduce((hidden, [pattern, replacement]) => hidden.replace(pattern, replacement), text);
