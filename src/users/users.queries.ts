import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { Answer } from '../platform/responses/answer.js';
import { UserNotFound } from './users.problems.js';
import type { UserKey } from './user-key.js';

const PROFILE = `
  SELECT u.id, u.username, u.display_name, u.bio, u.role,
    to_char(u.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS created_at`;

const FIND_PROFILE = (condition: string): string => `
  SELECT pg_current_snapshot()::text AS snapshot, found.id, found.body
  FROM (SELECT 1) AS one LEFT JOIN LATERAL (
    SELECT u.id, row_to_json(profile)::text AS body
    FROM users u, LATERAL (${PROFILE}) AS profile WHERE ${condition}
  ) AS found ON true`;
const FIND_BY_ID = FIND_PROFILE('u.id = $1');
const FIND_BY_USERNAME = FIND_PROFILE('u.username = $1');

const LIST_BY_IDS = `
  SELECT pg_current_snapshot()::text AS snapshot,
    '[' || coalesce(string_agg(row_to_json(profile)::text, ',' ORDER BY asked.position), '') || ']' AS body
  FROM unnest($1::int[]) WITH ORDINALITY AS asked (id, position)
    JOIN users u ON u.id = asked.id, LATERAL (${PROFILE}) AS profile`;

interface FoundProfileRow {
  readonly snapshot: string;
  readonly id: number | null;
  readonly body: string | null;
}

/** Public profiles as finished text, because they are read often. */
@Injectable()
export class UserQueries {
  constructor(private readonly pool: Pool) {}

  /** @throws UserNotFound, which is cacheable until the user exists */
  async profile(key: UserKey): Promise<Answer> {
    const [name, text, value, tag] =
      'id' in key
        ? ['profile by id', FIND_BY_ID, key.id, `user:${key.id}`]
        : ['profile by name', FIND_BY_USERNAME, key.username, `username:${key.username}`];
    // Named, so that each connection prepares it once.
    const { rows } = await this.pool.query<FoundProfileRow>({ name, text, values: [value] });
    // The query always returns one row.
    const { id, body, snapshot } = rows[0]!;
    if (id === null || body === null) throw new UserNotFound({ tags: [tag], snapshot });
    return new Answer({ body, tags: [`user:${id}`], snapshot });
  }

  /** In the order of the request. Unknown ids are left out. */
  async profiles(ids: readonly number[]): Promise<Answer> {
    const { rows } = await this.pool.query<{ snapshot: string; body: string }>(LIST_BY_IDS, [ids]);
    // An aggregate without GROUP BY always returns one row.
    const { snapshot, body } = rows[0]!;
    return new Answer({ body, tags: ids.map((id) => `user:${id}`), snapshot });
  }
}
