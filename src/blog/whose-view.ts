import type { Principal } from '../platform/access/principal.js';

/** The user from whom other authors' drafts are hidden. Undefined for an administrator, who sees everything. */
export const whoseView = ({ userId, role }: Principal): number | undefined =>
  role === 'admin' ? undefined : userId;
