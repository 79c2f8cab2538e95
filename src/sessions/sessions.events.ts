import { defineEvent } from '../platform/outbox/define-event.js';

export interface SessionsOfUser {
  readonly user_id: number;
  readonly session_ids: readonly string[];
}

/** These sessions have been revoked. Every process must refuse their access tokens at once. */
export const SessionsRevoked = defineEvent('session.revoked', ({ session_ids }: SessionsOfUser) =>
  session_ids.map((id) => `session:${id}`),
);
