import type { CachedValue } from '../platform/cache/object-cache.js';
import type { Provenance } from '../platform/coherence/coherence.js';
import type { ValidSession } from '../sessions/sessions.service.js';

export interface AuthorName {
  readonly username: string;
  /** The user name if no display name is set. */
  readonly displayName: string;
}

export interface KnownNames {
  /** By id. Deleted accounts are missing. */
  readonly names: ReadonlyMap<number, AuthorName>;
  /** Provenance of every requested id, for answers that show the names or their absence. */
  readonly inputs: readonly Provenance[];
}

/** Gives other features the data of accounts, whether this process or another serves them. */
export abstract class UsersDirectory {
  /** @throws ServiceUnavailable 503, DirectoryFailed 502 */
  abstract names(ids: readonly number[]): Promise<KnownNames>;

  /** Null if no account has the name. @throws ServiceUnavailable 503, DirectoryFailed 502 */
  abstract idOf(username: string): Promise<CachedValue<number | null>>;

  /** Null if revoked or ended. @throws ServiceUnavailable 503, DirectoryFailed 502 */
  abstract session(id: string): Promise<ValidSession | null>;
}
