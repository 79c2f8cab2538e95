import anyAscii from 'any-ascii';

/** The same rule as in users/user-name.ts. */
const USER_NAME = /^[a-z][a-z0-9_-]{2,29}$/;
const MAX_LENGTH = 30;
const MIN_LENGTH = 3;

/**
 * Derives a username from an author's name in any script: `[a-z][a-z0-9_-]{2,29}`. A valid username stays unchanged.
 * `Zoë Müller` → `zoe-muller`, `Bo` → `bo-author`, `42` → `author-42`, `👻` → `ghost`.
 */
export function deriveUsername(name: string): string {
  if (USER_NAME.test(name)) return name;
  const ascii = anyAscii(name)
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^[-_]+|[-_]+$/g, '');
  const led = /^[a-z]/.test(ascii) ? ascii : `author-${ascii}`;
  const long = led.length < MIN_LENGTH ? `${led}-author` : led;
  return long.slice(0, MAX_LENGTH).replace(/[-_]+$/, '');
}

/** The n-th choice if the earlier ones are taken: `jane`, `jane-2`, … @param choice from 1 */
export function usernameChoice(username: string, choice: number): string {
  if (choice === 1) return username;
  const suffix = `-${choice}`;
  return username.slice(0, MAX_LENGTH - suffix.length).replace(/[-_]+$/, '') + suffix;
}
