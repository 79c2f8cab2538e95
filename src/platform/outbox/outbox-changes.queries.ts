import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';

/** The number of changes shown. */
const SHOWN = 10;

const NEWEST = `
  SELECT xid::text AS xid, event, created_at AS at, ARRAY(SELECT unnest(tags) INTERSECT SELECT unnest($1::text[])) AS tags
  FROM outbox WHERE tags && $1::text[] ORDER BY id DESC LIMIT ${SHOWN}`;

export interface OutboxChange {
  readonly xid: number;
  readonly event: string;
  readonly at: Date;
  /** Those of its tags that were asked for. */
  readonly tags: readonly string[];
}

/**
 * Shows what the outbox holds for some tags. It reads the whole outbox, so it is meant for operators, not for requests.
 */
@Injectable()
export class OutboxChanges {
  constructor(private readonly pool: Pool) {}

  /** Newest first. */
  async touching(tags: readonly string[]): Promise<OutboxChange[]> {
    const { rows } = await this.pool.query<OutboxChange & { xid: string }>(NEWEST, [tags]);
    return rows.map((row) => ({ ...row, xid: Number(row.xid) }));
  }
}
