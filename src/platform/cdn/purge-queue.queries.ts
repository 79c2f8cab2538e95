import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { Config } from '../../config.js';
import { OutboxLag } from '../outbox/outbox-lag.js';
import type { Transaction } from '../outbox/transaction-runner.js';

/** Longer than a call takes. */
const LEASE = '15 seconds';
/** No answer lives longer in a CDN, because CACHE_TTL_* is limited to a day. */
const GIVE_UP_AFTER = '1 day';
const MAX_DELAY_SECONDS = 300;

/** A tag that this process is purging. */
interface DuePurge {
  readonly tag: string;
  /** Changes when the tag is touched again. */
  readonly generation: string;
  readonly round: number;
}

interface Overdue {
  readonly overdueSeconds: number;
}

const ADD = `
  INSERT INTO cdn_purges (tag) SELECT tag FROM unnest($1::text[]) AS tag ORDER BY tag
  ON CONFLICT (tag) DO UPDATE SET generation = excluded.generation, round = 1, attempts = 0, due_at = excluded.due_at,
    leased_until = NULL, created_at = excluded.created_at`;

/** Returns nothing while the CDN's rate limit is reached, whichever process was told. */
const CLAIM = `
  UPDATE cdn_purges AS p SET leased_until = now() + interval '${LEASE}', attempts = attempts + 1
  FROM (
    SELECT tag FROM cdn_purges WHERE due_at <= now() AND (leased_until IS NULL OR leased_until < now())
      AND NOT EXISTS (SELECT FROM cdn_purges WHERE limited_until > now())
    ORDER BY due_at, tag LIMIT $1 FOR UPDATE SKIP LOCKED
  ) AS due
  WHERE p.tag = due.tag
  RETURNING p.tag, p.generation::text AS generation, p.round,
    extract(epoch FROM now() - p.due_at)::float AS "overdueSeconds"`;

/** The claimed tags that have not been touched since. */
const CLAIMED = `FROM unnest($1::text[], $2::bigint[]) AS claimed (tag, generation)
  WHERE p.tag = claimed.tag AND p.generation = claimed.generation`;

const FORGET = `DELETE FROM cdn_purges AS p USING unnest($1::text[], $2::bigint[]) AS claimed (tag, generation)
  WHERE p.tag = claimed.tag AND p.generation = claimed.generation`;
const AGAIN = `
  UPDATE cdn_purges AS p
  SET round = p.round + 1, attempts = 0, leased_until = NULL, due_at = now() + make_interval(secs => $3) ${CLAIMED}`;
const RETRY = `
  UPDATE cdn_purges AS p
  SET leased_until = NULL, due_at = now() + make_interval(
    secs => least(${MAX_DELAY_SECONDS}, power(2, least(p.attempts, 20) - 1)) * (0.8 + 0.4 * random())) ${CLAIMED}`;
/** Includes tags that were touched since, because the rate limit applies to all. */
const LIMIT = 'UPDATE cdn_purges SET limited_until = now() + make_interval(secs => $2) WHERE tag = ANY ($1)';
const GIVE_UP = `DELETE FROM cdn_purges WHERE created_at < now() - interval '${GIVE_UP_AFTER}'`;

/** The tags that the CDN must purge, each once. */
@Injectable()
export class PurgeQueue {
  constructor(
    private readonly pool: Pool,
    private readonly lag: OutboxLag,
    private readonly config: Config,
  ) {}

  async add(tx: Transaction, tags: readonly string[]): Promise<void> {
    if (tags.length > 0) await tx.query(ADD, [tags]);
  }

  /** @returns at most `max` purges that are due, claimed for this process */
  async claim(max: number): Promise<DuePurge[]> {
    const { rows } = await this.pool.query<DuePurge & Overdue>(CLAIM, [max]);
    this.lag.report('cdn', Math.max(0, ...rows.map(({ overdueSeconds }) => overdueSeconds)));
    return rows;
  }

  /**
   * Schedules a second purge of the tags from the first round. An outdated answer may have reached the CDN after the
   * first: one that was on its way, or one from a process that did not respond and whose lease had not ended.
   */
  async purged(purges: readonly DuePurge[]): Promise<void> {
    const { cdnPurgeAgainSeconds: configured, coherenceLeaseMs: leaseMs } = this.config;
    const againSeconds = configured === 0 ? 0 : Math.max(configured, leaseMs / 1000 + 1);
    const isLast = ({ round }: DuePurge): boolean => round > 1 || againSeconds === 0;
    const [last, first] = [purges.filter(isLast), purges.filter((purge) => !isLast(purge))];
    if (last.length > 0) await this.pool.query(FORGET, keysOf(last));
    if (first.length > 0) await this.pool.query(AGAIN, [...keysOf(first), againSeconds]);
  }

  /** @param limitedSeconds how long no process may call the CDN */
  async failed(purges: readonly DuePurge[], limitedSeconds: number | undefined): Promise<void> {
    const keys = keysOf(purges);
    if (limitedSeconds !== undefined) await this.pool.query(LIMIT, [keys[0], limitedSeconds]);
    await this.pool.query(RETRY, keys);
    await this.pool.query(GIVE_UP);
  }
}

const keysOf = (purges: readonly DuePurge[]): [string[], string[]] => [
  purges.map(({ tag }) => tag),
  purges.map(({ generation }) => generation),
];
