/** What a path may call a user by. */
export type UserKey = { readonly id: number } | { readonly username: string };

/** Digits are an id; no user name begins with one. */
export const userKeyOf = (text: string): UserKey =>
  /^\d+$/.test(text) ? { id: Number(text) } : { username: text };
