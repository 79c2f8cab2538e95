import { PROBLEM_TYPES, type ProblemCode } from './problem-types.js';

/** Long enough for any message. Longer client input is not echoed. */
export const MAX_DETAIL_LENGTH = 2_000;

/** One invalid member of a request. */
export interface ProblemDetail {
  /** JSON pointer (RFC 6901) into the body, or into the parameters as one object. */
  readonly pointer: string;
  readonly detail: string;
}

/** A cacheable fact: something does not exist. */
export interface Absence {
  /** An event with one of these tags may end the absence. */
  readonly tags: readonly string[];
  /** `pg_current_snapshot()` of the statement that found nothing. */
  readonly snapshot: string;
}

/** The log entry of a refused request. It helps operators to find clients that try too often, and the accounts they try. */
export interface Refusal {
  readonly message: string;
  /** The quota that is used up. */
  readonly policy?: string;
  /** The account that was tried. Default: the caller's. */
  readonly account_id?: number | undefined;
}

export interface ProblemOptions {
  /** Stable and machine-readable: `noun.what_happened`. */
  readonly code: ProblemCode;
  /** Overrides the status of the code. `request.refused` and `server.error` occur with several. */
  readonly status?: number;
  /** Details of this occurrence, if there are more than the code says. */
  readonly detail?: string;
  readonly errors?: readonly ProblemDetail[];
  readonly headers?: Readonly<Record<string, string>>;
  /** More members of the document (RFC 9457 §3.2). */
  readonly members?: Readonly<Record<string, unknown>>;
  /** Allows a 404 of a public route to be cached until the thing exists. */
  readonly absence?: Absence;
  readonly cause?: unknown;
}

/**
 * An error that the client receives as an RFC 9457 problem document. Features extend it: `class PostNotFound extends
 * Problem`.
 */
export class Problem extends Error {
  readonly status: number;
  readonly code: ProblemCode;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly ProblemDetail[] | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly members: Readonly<Record<string, unknown>> | undefined;
  readonly absence: Absence | undefined;
  /** Set for a refused client. It is logged together with the client's address. */
  readonly refusal?: Refusal;

  constructor(options: ProblemOptions) {
    const { status, title, detail } = PROBLEM_TYPES[options.code];
    super((options.detail ?? detail).slice(0, MAX_DETAIL_LENGTH), { cause: options.cause });
    this.name = new.target.name;
    this.status = options.status ?? status;
    this.code = options.code;
    this.title = title;
    this.detail = this.message;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
    this.members = options.members;
    this.absence = options.absence;
  }
}
