/** One member of a request that was refused. `pointer` is a JSON pointer into the body, or `?name` of a query parameter. */
export interface ProblemDetail {
  readonly pointer: string;
  readonly detail: string;
}

/** That something was not found, as a cacheable fact. */
export interface Absence {
  /** An event with one of these tags may end it. */
  readonly tags: readonly string[];
  /** `pg_current_snapshot()` of the statement that did not find it. */
  readonly snapshot: string;
}

export interface ProblemOptions {
  readonly status: number;
  /** Stable and machine-readable, `noun.what_happened`: part of the API. */
  readonly code: string;
  /** The same for every occurrence of the code. */
  readonly title: string;
  /** What happened this time, for the person who reads it. */
  readonly detail?: string;
  readonly errors?: readonly ProblemDetail[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Lets a 404 of a public route be cached until the thing appears. */
  readonly absence?: Absence;
  readonly cause?: unknown;
}

/** An error that the client is told about, as an RFC 9457 problem document. Features extend it: `class PostNotFound extends Problem`. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string | undefined;
  readonly errors: readonly ProblemDetail[] | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly absence: Absence | undefined;

  constructor(options: ProblemOptions) {
    super(options.detail ?? options.title, { cause: options.cause });
    this.name = new.target.name;
    this.status = options.status;
    this.code = options.code;
    this.title = options.title;
    this.detail = options.detail;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
    this.absence = options.absence;
  }
}
