import { Injectable } from '@nestjs/common';
import DataLoader from 'dataloader';
import { firstValueFrom } from 'rxjs';
import type { z } from 'zod';
import { Config } from '../config.js';
import { type CachedValue, type LookupResult, ObjectCache } from '../platform/cache/object-cache.js';
import { HttpService } from '../platform/http/http.module.js';
import { SESSION_TTL_SECONDS, type ValidSession, validSessionSchema } from '../sessions/sessions.service.js';
import { directoryFailure } from './directory.problems.js';
import {
  type DirectoryAnswer,
  idAnswerSchema,
  MAX_DIRECTORY_IDS,
  namesAnswerSchema,
  sessionAnswerSchema,
} from './directory.schemas.js';
import { type AuthorName, type KnownNames, UsersDirectory } from './users-directory.service.js';

const NAME_TTL_SECONDS = 300;
/** A reader waits for an answer that needs this one. */
const TIMEOUT_MS = 5_000;

/**
 * The directory when the processes at USERS_URL serve the accounts. Its answers are cached in the same tiers as all
 * others.
 */
@Injectable()
export class HttpUsersDirectory extends UsersDirectory {
  private readonly timeoutMs: number;

  constructor(
    private readonly http: HttpService,
    private readonly cache: ObjectCache,
    private readonly config: Config,
  ) {
    super();
    this.timeoutMs = Math.min(TIMEOUT_MS, config.httpTimeoutSeconds * 1000);
  }

  /** Requests all names that are not cached in one call. */
  async names(ids: readonly number[]): Promise<KnownNames> {
    const loader = new DataLoader(
      async (batch: readonly number[]) =>
        this.ask(`names?ids=${batch.join(',')}`, namesAnswerSchema, batch.length),
      { maxBatchSize: MAX_DIRECTORY_IDS },
    );
    const distinctIds = [...new Set(ids)];
    const found = await Promise.all(distinctIds.map((id) => this.nameOf(id, () => loader.load(id))));
    const named = distinctIds.flatMap((id, index): [number, AuthorName][] => {
      const name = found[index]!.value;
      return name === null ? [] : [[id, name]];
    });
    return { names: new Map(named), inputs: found.map(({ provenance }) => provenance) };
  }

  idOf(username: string): Promise<CachedValue<number | null>> {
    const lookUp = (): Promise<LookupResult<number | null>> =>
      this.askOne(`ids/${encodeURIComponent(username)}`, idAnswerSchema);
    return this.cache.find({
      cache: 'user',
      key: `id:${username}`,
      ttlSeconds: NAME_TTL_SECONDS,
      lookUp,
    });
  }

  /** Uses the same key as the users side, so that either side fills the shared tier. */
  session(id: string): Promise<ValidSession | null> {
    return this.cache.get({
      cache: 'session',
      key: id,
      ttlSeconds: SESSION_TTL_SECONDS,
      schema: validSessionSchema.nullable(),
      lookUp: () => this.askOne(`sessions/${encodeURIComponent(id)}`, sessionAnswerSchema),
    });
  }

  /** Not stored in Redis: reading each name from Redis costs more than requesting all of them in one call. */
  private nameOf(
    id: number,
    lookUp: () => Promise<LookupResult<AuthorName | null>>,
  ): Promise<CachedValue<AuthorName | null>> {
    return this.cache.find({
      cache: 'user',
      key: `name:${id}`,
      ttlSeconds: NAME_TTL_SECONDS,
      lookUp,
    });
  }

  private async askOne<T>(
    path: string,
    schema: z.ZodType<DirectoryAnswer<T>>,
  ): Promise<LookupResult<T | null>> {
    return (await this.ask(path, schema, 1))[0]!;
  }

  /** @returns results in the order of the request @throws ServiceUnavailable 503, DirectoryFailed 502 */
  private async ask<T>(
    path: string,
    schema: z.ZodType<DirectoryAnswer<T>>,
    count: number,
  ): Promise<LookupResult<T | null>[]> {
    const url = new URL(`/internal/directory/${path}`, this.config.usersUrl).href;
    const headers = { authorization: `Bearer ${this.config.internalToken!}` };
    try {
      const call = this.http.get<unknown>(url, { headers, timeout: this.timeoutMs, responseType: 'json' });
      const { entries, snapshot, epoch } = schema.parse((await firstValueFrom(call)).data);
      if (entries.length !== count)
        throw new RangeError(`requested ${count} entries, received ${entries.length}`);
      return entries.map(({ value, tags }) => ({ value, tags, snapshot, epoch }));
    } catch (error) {
      throw directoryFailure(error);
    }
  }
}
