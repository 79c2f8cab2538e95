import type { Provenance } from '../coherence/coherence.js';

export const JSON_CONTENT_TYPE = 'application/json; charset=utf-8';

export interface AnswerParts {
  /** Finished text: JSON as PostgreSQL built it, or a page. Never serialised again. */
  readonly body: string;
  /** 200 unless said. */
  readonly status?: number;
  /** `application/json; charset=utf-8` unless said. */
  readonly contentType?: string;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Counts the revisions of the thing shown; leads its ETag. */
  readonly version?: number;
  /** Tags of every thing this answer shows, or shows the absence of; an event with one of them makes it old. */
  readonly tags: readonly string[];
  /** `pg_current_snapshot()` of the statement that read the data. */
  readonly snapshot: string;
  /** What it was made of besides that statement; see Provenance. */
  readonly inputs?: readonly Provenance[];
  /** True when it shows that there is nothing, as anybody can ask for without end: kept where little is kept. */
  readonly isEmpty?: boolean;
  /** True when it depends on who asks: never shared, never stored. */
  readonly isPrivate?: boolean;
}

/** A finished answer: what handlers return instead of an object where the bytes are ready. */
export class Answer {
  constructor(readonly parts: AnswerParts) {}
}
