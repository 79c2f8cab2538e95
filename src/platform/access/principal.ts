export const ROLES = ['reader', 'author', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who asks: the owner of the verified access token of a request. */
export interface Principal {
  readonly userId: number;
  readonly username: string;
  readonly role: Role;
  readonly sessionId: string;
  /** Seconds since the epoch at which the access token ends. */
  readonly expiresAt: number;
}
