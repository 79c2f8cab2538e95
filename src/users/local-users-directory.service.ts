import { Injectable } from '@nestjs/common';
import type { CachedValue } from '../platform/cache/object-cache.js';
import { parseSnapshot } from '../platform/coherence/snapshot.js';
import { SessionsService, type ValidSession } from '../sessions/sessions.service.js';
import { authorNameOf } from './directory.schemas.js';
import { DirectoryQueries } from './directory.queries.js';
import { type AuthorName, type KnownNames, UsersDirectory } from './users-directory.service.js';

/** The directory when this process serves the accounts. */
@Injectable()
export class LocalUsersDirectory extends UsersDirectory {
  constructor(
    private readonly queries: DirectoryQueries,
    private readonly sessions: SessionsService,
  ) {
    super();
  }

  async names(ids: readonly number[]): Promise<KnownNames> {
    const { entries, snapshot, epoch } = await this.queries.names(ids);
    const known = ids.flatMap((id, index): [number, AuthorName][] => {
      const name = authorNameOf(entries[index]!);
      return name === null ? [] : [[id, name]];
    });
    const tags = entries.flatMap((entry) => entry.tags);
    return { names: new Map(known), inputs: [{ tags, snapshot: parseSnapshot(snapshot), epoch }] };
  }

  async idOf(username: string): Promise<CachedValue<number | null>> {
    const { entries, snapshot, epoch } = await this.queries.idOf(username);
    const { value, tags } = entries[0]!;
    const provenance = { tags, snapshot: parseSnapshot(snapshot), epoch };
    return { value: value as number | null, provenance };
  }

  session(id: string): Promise<ValidSession | null> {
    return this.sessions.find(id);
  }
}
