/** The limit of the API (users/users.schemas.ts). */
const MAX_LENGTH = 100;

/** A name that the API would accept: one line of at most 100 characters. */
export const fitDisplayName = (name: string): string =>
  name
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, MAX_LENGTH)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd();
