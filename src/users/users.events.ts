import type { Role } from '../platform/access/principal.js';
import { defineEvent } from '../platform/events/define-event.js';

export interface UserState {
  readonly id: number;
  readonly username: string;
}

export interface Registered extends UserState {
  /** Webhooks are not told. */
  readonly quiet?: boolean;
}

/** Until now, answers showed that there is no such user. */
export const UserRegistered = defineEvent('user.registered', ({ id, username }: Registered) => [
  `user:${id}`,
  `username:${username}`,
]);

/** The profile shows something new. Posts show the user name alone, which never changes. */
export const UserRevised = defineEvent('user.revised', ({ id }: UserState) => [`user:${id}`]);

export interface RoleChange extends UserState {
  readonly role: Role;
  /** The sessions that act in this role from now on. */
  readonly session_ids: readonly string[];
}

export const UserRoleChanged = defineEvent('user.role_changed', ({ id, session_ids }: RoleChange) => [
  `user:${id}`,
  ...session_ids.map((session) => `session:${session}`),
]);

export interface UserRemoval extends UserState {
  readonly session_ids: readonly string[];
}

/**
 * The profile is gone, and every answer that shows a post of this author (each carries `author:<id>`) shows `[deleted]`
 * instead; the author's own list is empty.
 */
export const UserRemoved = defineEvent('user.removed', ({ id, username, session_ids }: UserRemoval) => [
  `user:${id}`,
  `author:${id}`,
  `posts:author:${username}`,
  'posts',
  ...session_ids.map((session) => `session:${session}`),
]);
