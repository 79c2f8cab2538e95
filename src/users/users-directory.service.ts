import type { Known } from '../platform/cache/object-cache.js';
import type { Provenance } from '../platform/coherence/coherence.js';
import type { ValidSession } from '../sessions/sessions.service.js';

export interface KnownNames {
  /** User names by id; an account that was deleted has none. */
  readonly names: ReadonlyMap<number, string>;
  /** Of every id asked for: what an answer that shows the names, or their absence, is made of. */
  readonly inputs: readonly Provenance[];
}

/** What other sides need to know of accounts, wherever accounts are served: in this process, or in another. */
export abstract class UsersDirectory {
  /** @throws ServiceUnavailable 503, DirectoryFailed 502 */
  abstract names(ids: readonly number[]): Promise<KnownNames>;

  /** Null: nobody has the name. @throws ServiceUnavailable 503, DirectoryFailed 502 */
  abstract idOf(username: string): Promise<Known<number | null>>;

  /** Null: revoked, or ended. @throws ServiceUnavailable 503, DirectoryFailed 502 */
  abstract session(id: string): Promise<ValidSession | null>;
}
