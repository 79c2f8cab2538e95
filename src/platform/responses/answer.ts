import { hash as digest } from 'node:crypto';
import type { Provenance } from '../coherence/coherence.js';

/** A strong ETag (RFC 9110 §8.8.3): `"<version>-<hash>"`, or `"<hash>"` if there is no version. */
export function entityTag(body: string | Buffer, version?: number): string {
  const hash = digest('sha256', body, 'base64url').slice(0, 16);
  return version === undefined ? `"${hash}"` : `"${version}-${hash}"`;
}

const splitTags = (header: string): string[] => header.split(',').map((tag) => tag.trim());

/** If-None-Match compares weakly: `W/"x"` equals `"x"`. */
export function matchesAny(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return splitTags(header).some((tag) => tag === '*' || tag === etag || tag === `W/${etag}`);
}

/** Removes the suffix that names the encoding, which follows a hash of 16 characters. */
const withoutEncoding = (tag: string): string => tag.replace(/^("(?:\d+-)?[\w-]{16})-(?:br|gzip)"$/, '$1"');

/**
 * If-Match compares strongly, so weak tags never match (RFC 9110 §13.1.1). The client may send the tag of any encoding
 * of the current representation.
 * @param etag of the current representation, without encoding
 */
export function matchesCurrent(header: string, etag: string): boolean {
  return splitTags(header).some((tag) => tag === '*' || withoutEncoding(tag) === etag);
}

export const JSON_CONTENT_TYPE = 'application/json; charset=utf-8';

export interface AnswerParts {
  /** The finished text: JSON as PostgreSQL built it, or a page. It is never serialised again. */
  readonly body: string;
  /** Default: 200. */
  readonly status?: number;
  /** Default: `application/json; charset=utf-8`. */
  readonly contentType?: string;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The revision of the thing shown. The ETag starts with it. */
  readonly version?: number;
  /** Tags of everything this answer shows, or shows to be absent. An event with one of them makes it outdated. */
  readonly tags: readonly string[];
  /** `pg_current_snapshot()` of the statement that read the data. */
  readonly snapshot: string;
  /** Sources besides that statement. See Provenance. */
  readonly inputs?: readonly Provenance[];
  /**
   * True if the answer only shows that there is nothing. Such answers can be requested in endless variety, so they
   * share a small partition.
   */
  readonly isEmpty?: boolean;
  /** True if the answer depends on the caller. It is never shared or stored. */
  readonly isPrivate?: boolean;
}

/** A finished answer. Handlers return it instead of an object when the bytes are ready. */
export class Answer {
  constructor(readonly parts: AnswerParts) {}
}

/** The result of a request, or of an earlier request with the same Idempotency-Key. */
export class Outcome<T> {
  constructor(
    readonly value: T,
    readonly isReplay: boolean,
  ) {}
}
