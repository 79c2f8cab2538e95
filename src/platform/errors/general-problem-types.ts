export interface ProblemType {
  readonly status: number;
  /** The same for every occurrence. */
  readonly title: string;
  /** The meaning of the code. It is the `detail` of an occurrence that adds nothing. */
  readonly detail: string;
}

/** Problems that any request may meet. */
export const GENERAL_PROBLEM_TYPES = {
  'idempotency.in_flight': {
    status: 409,
    title: 'A request with this Idempotency-Key is being worked on',
    detail: 'Repeat the request to get its answer.',
  },
  'idempotency.invalid_key': {
    status: 400,
    title: 'The Idempotency-Key is not valid',
    detail: 'An Idempotency-Key has 1 to 255 visible ASCII characters.',
  },
  'idempotency.key_reused': {
    status: 422,
    title: 'The Idempotency-Key was used for another request',
    detail: 'The same key came with another body within 24 hours. Nothing was changed.',
  },
  'read.busy': {
    status: 503,
    title: 'Too many costly reads',
    detail: 'Too many searches and deep pages are being read. Other reads are not affected.',
  },
  'read.too_slow': {
    status: 503,
    title: 'The search took too long',
    detail: 'Look for fewer or longer words, or go on by cursor.',
  },
  'request.headers_too_large': {
    status: 431,
    title: 'The request headers are too large',
    detail: 'The URL and headers together may take 16 KiB.',
  },
  'request.cross_site': {
    status: 403,
    title: 'Another site sent this request',
    detail: 'Forms and scripts of other sites may not change anything here.',
  },
  'request.invalid': {
    status: 400,
    title: 'The request is not valid',
    detail: 'The request does not have the documented shape. The member errors says where.',
  },
  'request.invalid_text': {
    status: 400,
    title: 'The text cannot be kept',
    detail: 'Text may contain neither NUL nor lone surrogates.',
  },
  'request.invalid_url': {
    status: 400,
    title: 'The URL is not valid',
    detail: 'Its percent-encoding must be UTF-8 without NUL.',
  },
  'request.invalid_utf8': {
    status: 400,
    title: 'The request body is not UTF-8',
    detail: 'The body is not UTF-8.',
  },
  'request.malformed': {
    status: 400,
    title: 'The request is malformed',
    detail: 'It is not HTTP/1.1, or its body is not JSON.',
  },
  'request.not_acceptable': {
    status: 406,
    title: 'There is no such representation',
    detail: 'This route has no representation that the Accept header allows.',
  },
  'request.rate_limited': {
    status: 429,
    title: 'Too many requests',
    detail: 'A quota is used up, and nothing was done. Retry-After says when to try again.',
  },
  'request.refused': {
    status: 400,
    title: 'The request was refused',
    detail: 'The status gives the reason. It may be any other status from 400 to 499.',
  },
  'request.timeout': {
    status: 408,
    title: 'The request took too long',
    detail: 'The request did not arrive in time.',
  },
  'request.too_deep': {
    status: 400,
    title: 'The request body is nested too deeply',
    detail: 'The body is nested deeper than 32 levels.',
  },
  'request.too_large': {
    status: 413,
    title: 'The request body is too large',
    detail: 'It has more bytes than this route accepts.',
  },
  'request.too_many_values': {
    status: 400,
    title: 'The request body has too many values',
    detail: 'The body has more than 10,000 values.',
  },
  'request.unsupported_media_type': {
    status: 415,
    title: 'The request body has an unsupported type',
    detail: 'The body must be application/json in UTF-8, without a Content-Encoding.',
  },
  'request.uri_too_long': {
    status: 414,
    title: 'The URL is too long',
    detail: 'A segment of its path is longer than any valid one.',
  },
  'route.method_not_allowed': {
    status: 405,
    title: 'Method not allowed',
    detail: 'The Allow header names the methods of this path.',
  },
  'route.not_found': {
    status: 404,
    title: 'There is nothing here',
    detail: 'No route matches this path.',
  },
  'server.error': {
    status: 500,
    title: 'The server failed',
    detail: 'The server failed. The request id identifies the failure in its log.',
  },
  'service.unavailable': {
    status: 503,
    title: 'Service unavailable',
    detail: 'A service that this request needs cannot be reached at the moment. Nothing was changed.',
  },
  'storage.full': {
    status: 507,
    title: 'Insufficient storage',
    detail: 'The database has no space left. Nothing was changed. Reads still work.',
  },
  'write.lock_timeout': {
    status: 503,
    title: 'Somebody else is changing the same thing',
    detail: 'Another change to the same thing did not finish in time. This request changed nothing.',
  },
  'write.outcome_unknown': {
    status: 503,
    title: 'It is not known whether the change was made',
    detail:
      'The database did not confirm the change. It may have been made, or may be made later. Send the request again with the same Idempotency-Key to learn what happened, or read before you repeat it.',
  },
} as const satisfies Record<string, ProblemType>;
