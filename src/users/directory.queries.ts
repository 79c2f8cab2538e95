import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { Coherence } from '../platform/coherence/coherence.js';
import { SessionsService } from '../sessions/sessions.service.js';
import type { DirectoryAnswer } from './directory.schemas.js';

/** $1 ids. One row, always. */
const NAMES = `
  SELECT pg_current_snapshot()::text AS snapshot,
    coalesce(json_object_agg(id, username), '{}') AS names
  FROM users WHERE id = ANY($1::int[])`;

/** $1 user name. One row, always. */
const ID = `
  SELECT pg_current_snapshot()::text AS snapshot, (SELECT id FROM users WHERE username = $1) AS id`;

/** What the directory answers from: PostgreSQL, each time. Who asks keeps it, and knows by the tags for how long. */
@Injectable()
export class DirectoryQueries {
  constructor(
    private readonly pool: Pool,
    private readonly coherence: Coherence,
    private readonly sessions: SessionsService,
  ) {}

  /** A user name never changes: only the account can go. */
  async names(ids: readonly number[]): Promise<DirectoryAnswer> {
    const { epoch } = this.coherence;
    const { rows } = await this.pool.query<{ snapshot: string; names: Record<string, string> }>(NAMES, [ids]);
    const { snapshot, names } = rows[0]!;
    const entries = ids.map((id) => ({ value: names[id] ?? null, tags: [`author:${id}`] }));
    return { epoch, snapshot, entries };
  }

  async idOf(username: string): Promise<DirectoryAnswer> {
    const { epoch } = this.coherence;
    const { rows } = await this.pool.query<{ snapshot: string; id: number | null }>(ID, [username]);
    const { snapshot, id } = rows[0]!;
    return {
      epoch,
      snapshot,
      entries: [{ value: id, tags: [`username:${username}`, ...(id === null ? [] : [`author:${id}`])] }],
    };
  }

  async session(id: string): Promise<DirectoryAnswer> {
    const { epoch } = this.coherence;
    const { value, tags, snapshot } = await this.sessions.look(id);
    return { epoch, snapshot, entries: [{ value, tags: [...tags] }] };
  }
}
