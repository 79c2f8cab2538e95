import type { Role } from '../platform/access/principal.js';
import { defineEvent } from '../platform/outbox/define-event.js';

export interface UserState {
  readonly id: number;
  readonly username: string;
}

export interface Registered extends UserState {
  /** True sends nothing to webhooks. */
  readonly quiet?: boolean;
}

/** The user exists now. Answers that showed its absence change. */
export const UserRegistered = defineEvent('user.registered', ({ id, username }: Registered) => [
  `user:${id}`,
  `username:${username}`,
  'users',
]);

export interface Revision extends UserState {
  /** True if the display name may have changed. */
  readonly renamed?: boolean;
}

/** The profile has changed. If the display name has, so has every answer that shows a post of this author. */
export const UserRevised = defineEvent('user.revised', ({ id, renamed }: Revision) => [
  `user:${id}`,
  ...(renamed === true ? [`author:${id}`] : []),
]);

export interface RoleChange extends UserState {
  readonly role: Role;
  /** The sessions that have this role from now on. */
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
 * The profile is gone. Every answer that shows a post of this author (tag `author:<id>`) now shows `[deleted]`, and the
 * author's list is empty.
 */
export const UserRemoved = defineEvent('user.removed', ({ id, username, session_ids }: UserRemoval) => [
  `user:${id}`,
  'users',
  `author:${id}`,
  `posts:author:${username}`,
  'posts',
  ...session_ids.map((session) => `session:${session}`),
]);
