export type FailureReason =
  /** The name has no address, or the name servers do not answer. */
  | 'unknown_host'
  /** There was no connection, or it broke before the answer was complete. */
  | 'connection'
  /** The whole call took longer than its limit. */
  | 'timeout'
  /** The answer is larger than the call allows. */
  | 'too_large'
  /** The answer is not valid HTTP, or does not match its headers. */
  | 'malformed'
  /** The call does not accept the status of the answer, such as a 404 or a redirect. */
  | 'status'
  /** The address is private, and the call is for public addresses only. */
  | 'address_refused'
  /** The host failed several times in a row. Nothing was sent. */
  | 'breaker_open'
  /** Too many calls are waiting. Nothing was sent. */
  | 'overloaded'
  /** The caller gave up. */
  | 'cancelled'
  /** The process is stopping. */
  | 'stopping'
  /** The call itself is invalid, for example its URL. */
  | 'invalid';

export interface CallAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly data: unknown;
}

interface Failure {
  readonly reason: FailureReason;
  /** `GET example.org:8080`. Never a path or query, which may contain a secret. */
  readonly call: string;
  readonly detail: string;
  readonly answer?: CallAnswer | undefined;
  readonly cause?: unknown;
}

/** A call through HttpService without an acceptable answer. */
export class HttpCallFailed extends Error {
  readonly reason: FailureReason;
  /** With `reason: 'status'`, the answer of the server. */
  readonly answer: CallAnswer | undefined;

  constructor({ reason, call, detail, answer, cause }: Failure) {
    super(`${call}: ${detail}`, { cause });
    this.name = 'HttpCallFailed';
    this.reason = reason;
    this.answer = answer;
  }
}
