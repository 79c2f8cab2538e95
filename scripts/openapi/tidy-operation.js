import { STATUS_CODES } from 'node:http';
import { RULES } from './annotate.js';
import { exampleOf } from './example-of.js';
import { handlerComments } from './handler-comments.js';
import { headersOf } from './headers.js';
import { operationOf } from './operations.js';
import { problemResponses } from './problems.js';
import { tidySchema } from './tidy-schema.js';

const HEADER_PARAMETERS = {
  'idempotency-key': {
    name: 'Idempotency-Key',
    description: 'Any text; the same request with the same key, within a day, is carried out once.',
    schema: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      pattern: '^[!-~]+$',
      examples: ['8e03978e-40d5-43dd-bc93-6894a57f9324'],
    },
  },
  'if-match': {
    name: 'If-Match',
    description: 'ETag of the version that is to be changed.',
    schema: { type: 'string', minLength: 1, maxLength: 1000, examples: ['"2-A7OTnNCeAebXwdw7"'] },
  },
};

/** Headers that clients set automatically, such as `User-Agent`, are not parameters. */
function tidyParameter({ schema, ...parameter }) {
  if (parameter.in !== 'header') {
    const { description = parameter.description, ...own } = tidySchema(schema);
    return [{ ...parameter, description, schema: own }];
  }
  const header = HEADER_PARAMETERS[parameter.name];
  return header === undefined ? [] : [{ in: 'header', required: false, ...header }];
}

/** Does the answer carry an ETag? Finished text does: see platform/responses/answer.ts. */
const IS_TAGGED =
  /^(?:get|list)(?:Posts?|Users?|Categories|Tags|Site)$|^(?:create|replace|update|restore)Post$|^updateSite$/;

/** The problem of an `If-Match` that names another version, if it is not that of a post. */
const MISMATCH = { updateSite: 'site.version_mismatch' };

const BODY_CODES = [
  'request.malformed',
  'request.invalid_utf8',
  'request.invalid_text',
  'request.too_deep',
  'request.too_many_values',
  'request.too_large',
  'request.unsupported_media_type',
];

/** All problems that an operation can answer with: those that follow from its form, and its own. */
function codesOf({ operationId, isRead, isKeyed, isMatched, security, requestBody, rules }, own) {
  const { checksCredentials, needsRole, isLimited } = rules;
  const when = (condition, ...codes) => (condition ? codes : []);
  return [
    ...when(
      checksCredentials,
      'request.invalid',
      'request.invalid_url',
      'auth.invalid_token',
      'service.unavailable',
    ),
    ...when(security !== undefined, 'auth.required'),
    ...when(needsRole, 'auth.forbidden'),
    ...when(requestBody !== undefined, ...BODY_CODES),
    ...when(isLimited, 'request.rate_limited'),
    ...when(isMatched, MISMATCH[operationId] ?? 'post.version_mismatch'),
    ...when(isKeyed, 'idempotency.invalid_key', 'idempotency.in_flight', 'idempotency.key_reused'),
    ...when(!isRead, 'write.outcome_unknown', 'write.lock_timeout', 'storage.full'),
    'server.error',
    ...own,
  ];
}

/** Lists that can be searched. Searches are limited. */
const IS_SEARCHED = new Set(['listPosts', 'listTags']);

/** The problems of every answer. For a list, those of its query. */
const limitHeaders = ({ operationId, rules }) =>
  rules.isLimited || IS_SEARCHED.has(operationId) ? ['RateLimit', 'RateLimit-Policy'] : [];

function successHeaders(form, status) {
  const { operationId, isRead, isKeyed } = form;
  const isTagged = IS_TAGGED.test(operationId);
  return headersOf(
    ...(isTagged ? ['ETag', 'Vary'] : []),
    ...(IS_SEARCHED.has(operationId) ? ['Link'] : []),
    ...(operationId === 'listPosts' ? ['Total-Count'] : []),
    ...(status === '201' && operationId !== 'register' ? ['Location'] : []),
    ...(isKeyed && !isRead ? ['Idempotency-Replayed'] : []),
    ...limitHeaders(form),
  );
}

const withExample = (content, schemas, at) =>
  Object.fromEntries(
    Object.entries(content).map(([type, { schema }]) => [
      type,
      { schema, example: exampleOf(schema, schemas, at) },
    ]),
  );

function successResponses(form, schemas) {
  const { operationId, responses } = form;
  return Object.entries(responses)
    .filter(([status]) => Number(status) < 400)
    .map(([status, response]) => [
      status,
      {
        ...response,
        description: response.description || STATUS_CODES[status],
        headers: successHeaders(form, status),
        ...(response.content === undefined
          ? {}
          : { content: withExample(tidySchema(response.content, false), schemas, operationId) }),
      },
    ]);
}

const notModified = {
  304: {
    description: '`If-None-Match` names what is there now.',
    headers: headersOf('ETag', 'Vary'),
  },
};

/** @param description why it moved @param example of its new address */
const moved = (description, example) => ({
  308: {
    description,
    headers: headersOf('ETag', 'Location', 'Vary'),
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['location'],
          properties: { location: { type: 'string', maxLength: 3000, examples: [example] } },
          additionalProperties: false,
        },
        example: { location: example },
      },
    },
  },
});

const MOVED = {
  getPost: moved('The slug is a former one of the post.', '/blog/api/posts/on-tea'),
  listPosts: moved('The category has another slug now.', '/blog/api/posts?category=kitchen'),
};

/** Public, but the answer depends on the caller, because of drafts. */
const SHOWS_MORE_TO_AUTHORS = new Set(['listPosts', 'getPost']);

const securityOf = ({ operationId, security }) =>
  SHOWS_MORE_TO_AUTHORS.has(operationId) ? [{}, { bearer: [] }] : (security ?? []);

/** Their body may be left out. */
const NEEDS_NO_BODY = new Set(['restorePost']);

/** PATCH also accepts a merge patch (RFC 7396). */
function requestBodyOf({ requestBody, method, operationId }, schemas) {
  if (requestBody === undefined) return {};
  const { 'application/json': json, ...others } = withExample(requestBody.content, schemas, operationId);
  const patch = method === 'patch' ? { 'application/merge-patch+json': json } : {};
  const required = !NEEDS_NO_BODY.has(operationId);
  return {
    requestBody: { ...requestBody, required, content: { 'application/json': json, ...patch, ...others } },
  };
}

const comments = handlerComments();

/**
 * @param given by @nestjs/swagger, with `Controller.method` as its `operationId`
 * @param schemas tidied, by name
 */
export function tidyOperation(given, method, schemas) {
  const { operationId, codes, tag } = operationOf(given.operationId);
  const parameters = given.parameters.flatMap(tidyParameter);
  const has = (header) => parameters.some(({ name }) => name === header);
  const form = {
    ...given,
    ...{ operationId, method, parameters, rules: given[RULES], isRead: method === 'get' },
    ...{ isKeyed: has('Idempotency-Key'), isMatched: has('If-Match') },
  };
  return {
    operationId,
    tags: [tag],
    ...comments.get(given.operationId),
    security: securityOf(form),
    parameters,
    ...requestBodyOf(form, schemas),
    responses: {
      ...Object.fromEntries(successResponses(form, schemas)),
      ...(form.isRead && IS_TAGGED.test(operationId) ? notModified : {}),
      ...MOVED[operationId],
      ...problemResponses(codesOf(form, codes), limitHeaders(form)),
    },
  };
}
