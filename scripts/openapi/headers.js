const text = (maxLength, example, more = {}) => ({ type: 'string', maxLength, ...more, examples: [example] });

/** Every header in the document, by its reference name. Headers that are not required occur in some cases only. */
export const HEADERS = {
  'Cache-Control': {
    required: true,
    description:
      '`public, no-cache` for answers that caches may store; they must revalidate them with `If-None-Match` each time. Otherwise `no-store`.',
    schema: text(100, 'public, no-cache'),
  },
  ETag: {
    required: true,
    description: 'Version and representation, for `If-None-Match` and `If-Match`.',
    schema: text(100, '"2-A7OTnNCeAebXwdw7"', { pattern: '^"[^"]+"$' }),
  },
  'Idempotency-Replayed': {
    description:
      'Present if this is the stored answer to an earlier request with the same `Idempotency-Key`.',
    schema: { type: 'string', enum: ['true'] },
  },
  Link: {
    description: 'The address of the next page, if there is one.',
    schema: text(8192, '</blog/api/posts?cursor=AAABm_Kq4QAAAAAFhqkpZ3WvGNw>; rel="next"'),
  },
  Location: {
    required: true,
    description: 'The address of the resource.',
    schema: text(300, '/blog/api/posts/on-tea'),
  },
  RateLimit: {
    description:
      'The remainder of each quota that counted this request: `r` requests, until the full quota is available again in `t` seconds.',
    schema: text(500, '"login";r=4;t=60'),
  },
  'RateLimit-Policy': {
    description: 'Each quota: `q` requests in `w` seconds.',
    schema: text(500, '"login";q=5;w=60'),
  },
  'Retry-After': {
    description: 'Seconds to wait.',
    schema: { type: 'integer', format: 'int32', minimum: 1, maximum: 86_400, examples: [1] },
  },
  'Total-Count': {
    description: 'The number of posts on all pages, in lists of your own posts.',
    schema: { type: 'integer', format: 'int32', minimum: 0, maximum: 2_147_483_647, examples: [1] },
  },
  Vary: {
    required: true,
    description: 'The request headers that the representation depends on.',
    schema: text(200, 'Accept-Encoding'),
  },
  'WWW-Authenticate': {
    required: true,
    description: 'How to authenticate.',
    schema: text(100, 'Bearer realm="inkwell", error="invalid_token"'),
  },
  'X-Request-Id': {
    required: true,
    description:
      'Identifies the request in the log. It is the one you sent, if that has 1–128 letters, digits and `_.-`.',
    schema: text(128, 'xKf1WexV4n3j-13', { pattern: '^[A-Za-z0-9_.-]{1,128}$' }),
  },
};

const ALWAYS = ['Cache-Control', 'X-Request-Id'];

/**
 * @param names of HEADERS, besides those of every answer
 * @returns the `headers` of an answer
 */
export const headersOf = (...names) =>
  Object.fromEntries([...names, ...ALWAYS].map((name) => [name, { $ref: `#/components/headers/${name}` }]));
