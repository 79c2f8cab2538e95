export const ROLES = ['reader', 'author', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** The owner of the verified access token of a request. */
export interface Principal {
  readonly userId: number;
  readonly username: string;
  readonly role: Role;
  readonly sessionId: string;
  /** When the access token expires, in seconds since the epoch. */
  readonly expiresAt: number;
}
