import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { Coherence } from '../platform/coherence/coherence.js';
import { SessionsService } from '../sessions/sessions.service.js';
import type { DirectoryAnswer, NamesAnswer } from './directory.schemas.js';

/** $1 is a list of ids. Always returns one row. */
const NAMES = `
  SELECT pg_current_snapshot()::text AS snapshot,
    coalesce(json_object_agg(id, json_build_object('username', username, 'display_name', display_name)), '{}') AS names
  FROM users WHERE id = ANY($1::int[])`;

/** $1 is a user name. Always returns one row. */
const ID = `
  SELECT pg_current_snapshot()::text AS snapshot, (SELECT id FROM users WHERE username = $1) AS id`;

interface NamesRow {
  readonly snapshot: string;
  readonly names: Readonly<Record<string, { readonly username: string; readonly display_name: string }>>;
}

/** Answers directory requests from PostgreSQL. The caller caches the answers; their tags tell for how long. */
@Injectable()
export class DirectoryQueries {
  constructor(
    private readonly pool: Pool,
    private readonly coherence: Coherence,
    private readonly sessions: SessionsService,
  ) {}

  /** User names never change. Display names may, and accounts can be deleted. */
  async names(ids: readonly number[]): Promise<NamesAnswer> {
    const { epoch } = this.coherence;
    const { rows } = await this.pool.query<NamesRow>(NAMES, [ids]);
    const { snapshot, names } = rows[0]!;
    const entries = ids.map((id) => ({
      value: names[id]?.username ?? null,
      display_name: names[id]?.display_name ?? '',
      tags: [`author:${id}`],
    }));
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
    const { value, tags, snapshot } = await this.sessions.lookUp(id);
    return { epoch, snapshot, entries: [{ value, tags: [...tags] }] };
  }
}
