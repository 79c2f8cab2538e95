import { defineEvent } from '../platform/events/define-event.js';

export interface SessionsOfUser {
  readonly user_id: number;
  readonly session_ids: readonly string[];
}

/** These sessions are valid no longer: their access tokens must be refused at once, everywhere. */
export const SessionsRevoked = defineEvent('session.revoked', ({ session_ids }: SessionsOfUser) =>
  session_ids.map((id) => `session:${id}`),
);
