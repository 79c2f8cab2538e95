export type FailureReason =
  /** The name has no address, or the name servers do not answer. */
  | 'unknown_host'
  /** No connection, or it broke before the answer was whole. */
  | 'connection'
  /** The whole call took longer than its limit. */
  | 'timeout'
  /** The answer has more bytes than the call allows. */
  | 'too_large'
  /** The answer is not HTTP, or not what its headers say. */
  | 'malformed'
  /** An answer with a status that the call does not accept, such as 404 or a redirect. */
  | 'status'
  /** The address is private, and the call is for public ones only. */
  | 'address_refused'
  /** The host failed several times in a row: nothing was sent. */
  | 'breaker_open'
  /** Too many calls wait already: nothing was sent. */
  | 'overloaded'
  /** The caller gave up. */
  | 'cancelled'
  /** The process stops. */
  | 'stopping'
  /** The call itself is wrong, e.g. its URL. */
  | 'invalid';

export interface CallAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly data: unknown;
}

interface Failure {
  readonly reason: FailureReason;
  /** `GET example.org:8080`: never a path or query, which may hold a secret. */
  readonly call: string;
  readonly detail: string;
  readonly answer?: CallAnswer | undefined;
  readonly cause?: unknown;
}

/** A call through HttpService that brought no acceptable answer. */
export class HttpCallFailed extends Error {
  readonly reason: FailureReason;
  /** With `reason: 'status'`, what the server said. */
  readonly answer: CallAnswer | undefined;

  constructor({ reason, call, detail, answer, cause }: Failure) {
    super(`${call}: ${detail}`, { cause });
    this.name = 'HttpCallFailed';
    this.reason = reason;
    this.answer = answer;
  }
}
