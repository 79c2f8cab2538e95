/** How a path identifies a user. */
export type UserKey = { readonly id: number } | { readonly username: string };

/** A key of digits only is an id, because no user name starts with a digit. */
export const userKeyOf = (text: string): UserKey =>
  /^\d+$/.test(text) ? { id: Number(text) } : { username: text };
