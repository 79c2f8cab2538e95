import type { User } from './user.entity.js';
import type { Account } from './users.schemas.js';

/** An account as its own user sees it. */
export const accountOf = (user: User): Account => ({
  id: user.id,
  username: user.username,
  display_name: user.displayName,
  bio: user.bio,
  role: user.role,
  created_at: user.createdAt.toISOString(),
  email: user.email,
  updated_at: user.updatedAt.toISOString(),
});
