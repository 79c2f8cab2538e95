const HIDDEN = '[hidden]';

/** Patterns of secrets and of personal addresses, which may occur in messages of drivers and other dependencies. */
const FORMS: readonly [pattern: RegExp, replacement: string][] = [
  // The password in a URL: postgres://user:password@host.
  [/(\w+:\/\/[^\s:/@]*:)[^\s@]+@/g, `$1${HIDDEN}@`],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, `$1 ${HIDDEN}`],
  // A JSON Web Token.
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, HIDDEN],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, HIDDEN],
];

/** Hides what looks like a secret or an e-mail address. */
export const withoutSecrets = (text: string): string =>
  FORMS.reduce((hidden, [pattern, replacement]) => hidden.replace(pattern, replacement), text);
