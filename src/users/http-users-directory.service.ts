import { Injectable } from '@nestjs/common';
import DataLoader from 'dataloader';
import { firstValueFrom } from 'rxjs';
import type { z } from 'zod';
import { Config } from '../config.js';
import { type Known, type Looked, ObjectCache } from '../platform/cache/object-cache.js';
import { HttpService } from '../platform/http/http.module.js';
import { SESSION_TTL_SECONDS, type ValidSession } from '../sessions/sessions.service.js';
import { directoryFailure } from './directory.problems.js';
import {
  type DirectoryAnswer,
  idAnswerSchema,
  MAX_DIRECTORY_IDS,
  namesAnswerSchema,
  sessionAnswerSchema,
} from './directory.schemas.js';
import { type KnownNames, UsersDirectory } from './users-directory.service.js';

const NAME_TTL_SECONDS = 300;
/** Somebody waits for an answer that is made of this one. */
const TIMEOUT_MS = 5_000;

/** Accounts are served by the processes at USERS_URL. What they answered is kept, by the same engine as all answers. */
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

  /** One call for all names that are not known yet. */
  async names(ids: readonly number[]): Promise<KnownNames> {
    const loader = new DataLoader(
      async (batch: readonly number[]) =>
        this.ask(`names?ids=${batch.join(',')}`, namesAnswerSchema, batch.length),
      { maxBatchSize: MAX_DIRECTORY_IDS },
    );
    const wanted = [...new Set(ids)];
    const found = await Promise.all(wanted.map((id) => this.nameOf(id, () => loader.load(id))));
    const named = wanted.flatMap((id, index): [number, string][] => {
      const name = found[index]!.value;
      return name === null ? [] : [[id, name]];
    });
    return { names: new Map(named), inputs: found.map(({ provenance }) => provenance) };
  }

  idOf(username: string): Promise<Known<number | null>> {
    const look = (): Promise<Looked<number | null>> =>
      this.askOne(`ids/${encodeURIComponent(username)}`, idAnswerSchema);
    return this.cache.find({
      cache: 'user',
      key: `id:${username}`,
      ttlSeconds: NAME_TTL_SECONDS,
      isLocal: true,
      look,
    });
  }

  /** Under the key that the other side has it under: either fills the tier that they share. */
  session(id: string): Promise<ValidSession | null> {
    return this.cache.get('session', id, SESSION_TTL_SECONDS, () =>
      this.askOne(`sessions/${encodeURIComponent(id)}`, sessionAnswerSchema),
    );
  }

  /** Not in the tier that is shared: asking that for each name costs more than asking the other side for all at once. */
  private nameOf(id: number, look: () => Promise<Looked<string | null>>): Promise<Known<string | null>> {
    return this.cache.find({
      cache: 'user',
      key: `name:${id}`,
      ttlSeconds: NAME_TTL_SECONDS,
      isLocal: true,
      look,
    });
  }

  private async askOne<T>(path: string, schema: z.ZodType<DirectoryAnswer<T>>): Promise<Looked<T | null>> {
    return (await this.ask(path, schema, 1))[0]!;
  }

  /** @returns what was found, in the order asked for @throws ServiceUnavailable 503, DirectoryFailed 502 */
  private async ask<T>(
    path: string,
    schema: z.ZodType<DirectoryAnswer<T>>,
    count: number,
  ): Promise<Looked<T | null>[]> {
    const url = new URL(`/internal/directory/${path}`, this.config.usersUrl).href;
    const headers = { authorization: `Bearer ${this.config.internalToken!}` };
    try {
      const call = this.http.get<unknown>(url, { headers, timeout: this.timeoutMs, responseType: 'json' });
      const { entries, snapshot, epoch } = schema.parse((await firstValueFrom(call)).data);
      if (entries.length !== count) throw new RangeError(`asked for ${count}, answered ${entries.length}`);
      return entries.map(({ value, tags }) => ({ value, tags, snapshot, epoch }));
    } catch (error) {
      throw directoryFailure(error);
    }
  }
}
