import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';

/** Enough to see what goes on, few enough to read. */
const SHOWN = 10;

const NEWEST = `
  SELECT xid::text AS xid, event, created_at AS at, ARRAY(SELECT unnest(tags) INTERSECT SELECT unnest($1::text[])) AS tags
  FROM outbox WHERE tags && $1::text[] ORDER BY id DESC LIMIT ${SHOWN}`;

export interface OutboxChange {
  readonly xid: number;
  readonly event: string;
  readonly at: Date;
  /** Those asked about. */
  readonly tags: readonly string[];
}

/** What the outbox tells about some tags; for people, not for requests: it reads the whole outbox. */
@Injectable()
export class OutboxChanges {
  constructor(private readonly pool: Pool) {}

  /** Newest first. */
  async touching(tags: readonly string[]): Promise<OutboxChange[]> {
    const { rows } = await this.pool.query<OutboxChange & { xid: string }>(NEWEST, [tags]);
    return rows.map((row) => ({ ...row, xid: Number(row.xid) }));
  }
}
