import { MAX_DETAIL_LENGTH, Problem } from '../../dist/platform/errors/problem.js';
import { problemDocument } from '../../dist/platform/errors/problem-document.js';
import { PROBLEM_TYPES } from '../../dist/platform/errors/problem-types.js';
import { headersOf } from './headers.js';

const text = (maxLength, description, more = {}) => ({ type: 'string', maxLength, description, ...more });

export const PROBLEM = {
  type: 'object',
  description: 'What went wrong (RFC 9457).',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'request_id'],
  properties: {
    type: text(100, 'Leads to an explanation of the code.', {
      format: 'uri-reference',
      examples: ['/problems#post.not_found'],
    }),
    title: text(100, 'The same for every occurrence of the code.'),
    status: {
      type: 'integer',
      format: 'int32',
      minimum: 400,
      maximum: 599,
      description: 'The HTTP status.',
    },
    detail: text(MAX_DETAIL_LENGTH, 'What happened this time.'),
    // Node accepts 16 KiB for the first line and all headers.
    instance: text(16_384, 'The path of the request.'),
    code: text(100, 'Stable, for programs. All are listed at `/problems`.', {
      pattern: '^[a-z_]+[.][a-z0-9_]+$',
      examples: ['post.not_found'],
    }),
    request_id: text(128, 'As in `X-Request-Id`; identifies the request in the log.'),
    errors: {
      type: 'array',
      maxItems: 20,
      description: 'The members and parameters of the request that were refused.',
      items: {
        type: 'object',
        required: ['pointer', 'detail'],
        properties: {
          pointer: text(1_000, 'JSON pointer (RFC 6901).', { examples: ['/title'] }),
          detail: text(500, 'What is wrong with it.'),
        },
      },
    },
  },
};

const ERRORS = {
  'request.invalid': [{ pointer: '/titel', detail: 'is unknown here' }],
  'user.wrong_password': [{ pointer: '/current_password', detail: 'is wrong' }],
  'category.not_found': [{ pointer: '/category_id', detail: 'There is no category with this id.' }],
  'site.fixed': [{ pointer: '/title', detail: 'is fixed by the environment' }],
  'post.too_complex': [{ pointer: '/content', detail: 'Too much to render.' }],
};

const exampleOf = (code) => ({
  summary: PROBLEM_TYPES[code].title,
  value: problemDocument(new Problem({ code, errors: ERRORS[code] }), '/blog/api/posts', 'xKf1WexV4n3j-13'),
});

const referenceTo = (code) => `#/components/examples/${code}`;

/** One example of each code that operations refer to. */
export function examplesOf(operations) {
  const text = JSON.stringify(operations);
  const used = Object.keys(PROBLEM_TYPES).filter((code) => text.includes(`"${referenceTo(code)}"`));
  return Object.fromEntries(used.map((code) => [code, exampleOf(code)]));
}

const DESCRIPTIONS = {
  400: 'The request is not valid. `errors` lists the reasons.',
  401: 'Credentials are missing, wrong or no longer valid.',
  403: 'The account may not do this.',
  404: 'There is no such thing, or it is hidden from the caller.',
  409: 'The name, address or slug is taken, or the same request is still in progress.',
  412: '`If-Match` names another version or representation than the current one; `ETag` names that.',
  413: 'The body is larger than this route accepts.',
  415: 'The body is not JSON in UTF-8.',
  422: 'The idempotency key was used for another request, or the body asks for something impossible.',
  429: 'A quota is used up, and nothing was done.',
  500: 'The server failed.',
  503: 'A service that this request needs cannot be reached. Nothing was changed, except perhaps with `write.outcome_unknown`.',
  507: 'The database has no space left.',
};

const HEADERS_OF = {
  401: ['WWW-Authenticate'],
  409: ['Retry-After'],
  412: ['ETag'],
  429: ['RateLimit', 'RateLimit-Policy', 'Retry-After'],
  503: ['Retry-After'],
  507: ['Retry-After'],
};

const contentOf = (codes) => ({
  'application/problem+json': {
    schema: { $ref: '#/components/schemas/Problem' },
    examples: Object.fromEntries(codes.map((code) => [code, { $ref: referenceTo(code) }])),
  },
});

const responseOf = (status, codes, headers) => ({
  description: DESCRIPTIONS[status],
  headers: headersOf(...(HEADERS_OF[status] ?? []), ...headers),
  content: contentOf(codes),
});

/**
 * @param headers of every answer of the operation
 * @returns the answers with these codes by status, and the default answer
 */
export function problemResponses(codes, headers) {
  const byStatus = Object.groupBy([...new Set(codes)].sort(), (code) => PROBLEM_TYPES[code].status);
  return {
    ...Object.fromEntries(
      Object.entries(byStatus).map(([status, ofStatus]) => [status, responseOf(status, ofStatus, headers)]),
    ),
    default: {
      description: 'Any other problem.',
      headers: headersOf(...headers),
      content: contentOf(['request.headers_too_large', 'request.timeout']),
    },
  };
}
