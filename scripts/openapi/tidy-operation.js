import { STATUS_CODES } from 'node:http';
import { handlerComments } from './handler-comments.js';
import { operationOf } from './operations.js';
import { tidySchema } from './tidy-schema.js';

const PROBLEM = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

const PROBLEMS = {
  400: 'The request is not valid; `errors` says where.',
  401: 'Credentials are missing, wrong or no longer valid.',
  403: 'The account may not do this.',
  404: 'There is no such thing, or it is hidden from the caller.',
  409: 'Somebody else has the name, address or slug, or the same request is still being carried out.',
  412: '`If-Match` names another version than the current one.',
  422: 'The idempotency key was used for another request, or the category does not exist.',
  429: 'A quota is used up.',
  503: 'Something that is needed cannot be reached now; nothing was changed.',
  default: 'Any other problem.',
};

const HEADERS = {
  etag: {
    description: 'Version and representation, for `If-None-Match` and `If-Match`.',
    schema: { type: 'string' },
  },
  link: {
    description: 'Where the next page is, when there is one: `<…>; rel="next"`.',
    schema: { type: 'string' },
  },
  location: { description: 'Address of the post.', schema: { type: 'string' } },
  retryAfter: { description: 'Seconds to wait.', schema: { type: 'integer' } },
};

const HEADER_PARAMETERS = {
  'idempotency-key': [
    'Idempotency-Key',
    'Any text; the same request with the same key, within a day, is carried out once.',
  ],
  'if-match': ['If-Match', 'ETag of the version that is to be changed.'],
};

/** Headers that clients set by themselves, such as `User-Agent`, are no parameters. */
function tidyParameter({ schema, ...parameter }) {
  if (parameter.in !== 'header') {
    const { description: _, ...own } = tidySchema(schema);
    return [{ ...parameter, schema: own }];
  }
  const [name, description] = HEADER_PARAMETERS[parameter.name] ?? [];
  return name === undefined
    ? []
    : [{ name, in: 'header', required: false, description, schema: { type: 'string' } }];
}

function problemsOf(operation, own) {
  const { parameters, requestBody, security, responses } = operation;
  const takes = (place) => parameters.some((parameter) => parameter.in === place);
  return [
    ...(requestBody !== undefined || takes('query') ? [400] : []),
    ...(security === undefined ? [] : [401]),
    ...(takes('path') ? [404] : []),
    ...(parameters.some(({ name }) => name === 'If-Match') ? [412] : []),
    ...Object.keys(responses)
      .map(Number)
      .filter((status) => status >= 400),
    ...own,
  ];
}

const problemResponse = (status) => ({
  description: PROBLEMS[status],
  ...(['429', '503'].includes(String(status)) ? { headers: { 'Retry-After': HEADERS.retryAfter } } : {}),
  content: PROBLEM,
});

function headersOf(operationId, status) {
  if (status === '201' && operationId === 'createPost')
    return { ETag: HEADERS.etag, Location: HEADERS.location };
  if (status !== '200' || !/^(?:get|list|update|replace)(?:Posts?|User|Categories)$/.test(operationId))
    return {};
  return { ...(operationId === 'listPosts' ? { Link: HEADERS.link } : {}), ETag: HEADERS.etag };
}

function successResponses(operationId, responses) {
  const successes = Object.entries(responses).filter(([status]) => Number(status) < 400);
  return successes.map(([status, response]) => {
    const headers = headersOf(operationId, status);
    return [
      status,
      {
        ...response,
        description: response.description || STATUS_CODES[status],
        ...(Object.keys(headers).length === 0 ? {} : { headers }),
        ...(response.content === undefined ? {} : { content: tidySchema(response.content, false) }),
      },
    ];
  });
}

const MOVED = {
  308: { description: 'The slug is a former one of the post.', headers: { Location: HEADERS.location } },
};

/** Public, and yet the answer depends on who asks: drafts. */
const SHOWS_MORE_TO_AUTHORS = new Set(['listPosts', 'getPost']);

function securityOf(operationId, { security }) {
  if (SHOWS_MORE_TO_AUTHORS.has(operationId)) return { security: [{}, { bearer: [] }] };
  return security === undefined ? {} : { security };
}

const comments = handlerComments();

/** @param given as @nestjs/swagger made it, its `operationId` being `Controller.method` */
export function tidyOperation(given) {
  const handler = given.operationId;
  const { operationId, problems, tag } = operationOf(handler);
  const operation = { ...given, parameters: given.parameters.flatMap(tidyParameter) };
  const refusals = [...new Set(problemsOf(operation, problems))].sort((a, b) => a - b);
  return {
    operationId,
    tags: [tag],
    ...comments.get(handler),
    ...securityOf(operationId, operation),
    parameters: operation.parameters,
    ...(operation.requestBody === undefined ? {} : { requestBody: operation.requestBody }),
    responses: {
      ...Object.fromEntries(successResponses(operationId, operation.responses)),
      ...(operationId === 'getPost' ? MOVED : {}),
      ...Object.fromEntries([...refusals, 'default'].map((status) => [status, problemResponse(status)])),
    },
  };
}
