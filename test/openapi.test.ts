import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { PROBLEM_TYPES } from '../src/platform/errors/problem-types.js';
import { api } from './support/documented-api.js';
import { answerAt, apiDocument, placeOf } from './support/documented-answers.js';
import { type Inkwell, startInkwell } from './support/start-inkwell.js';

/** The table of the API, without pages. */
const ROUTES = `
  POST /api/register
  POST /api/login
  POST /api/refresh
  POST /api/logout
  POST /api/logout-all
  GET /api/sessions
  DELETE /api/sessions/{id}
  GET /api/verify
  GET /api/users
  GET /api/users/me
  GET /api/users/{id}
  PUT /api/users/{id}
  PATCH /api/users/{id}
  DELETE /api/users/{id}
  GET /blog/api/posts
  POST /blog/api/posts
  POST /blog/api/posts/{id}/restore
  GET /blog/api/posts/{id}
  PUT /blog/api/posts/{id}
  PATCH /blog/api/posts/{id}
  DELETE /blog/api/posts/{id}
  GET /blog/api/categories
  GET /blog/api/tags
  PATCH /blog/api/categories/{id}
  POST /blog/api/categories/{id}/merge
  GET /api/site
  PATCH /api/site
  POST /api/webhooks
  GET /api/webhooks
  GET /api/webhooks/{id}
  PATCH /api/webhooks/{id}
  DELETE /api/webhooks/{id}
  GET /api/webhooks/{id}/deliveries
  GET /api/webhooks/{id}/dead-letters
  POST /api/webhooks/{id}/deliveries/{delivery}/replay
  POST /api/cache/purge
  GET /api/cache/explain
  GET /livez
  GET /readyz
  GET /startupz
  GET /health
  GET /stats
  GET /metrics`
  .trim()
  .split(/\n\s*/);

interface Described {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary?: string;
  readonly responses: Readonly<Record<string, object>>;
}

const operations = Object.entries(apiDocument.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(
    ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation as unknown as Described] as const,
  ),
);

let inkwell: Inkwell;
beforeAll(async () => {
  inkwell = await startInkwell();
});
afterAll(() => inkwell.close());

describe('GET /openapi.json', () => {
  it('is the document of the repository', async () => {
    const { status, headers, body } = await api(inkwell).get('/openapi.json');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(body).toEqual(apiDocument);
  });

  it('checks credentials that are sent along, as every public route', async () => {
    const { status, body } = await api(inkwell).get('/openapi.json', 'not-a-token');
    expect([status, body['code']]).toEqual([401, 'auth.invalid_token']);
  });

  it('is valid by the schema of OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone(apiDocument) as never);
    expect([valid, errors]).toEqual([true, undefined]);
    expect(validator.version).toBe('3.1');
  });

  it('describes every route, and no other', () => {
    expect(operations.map(([route]) => route).sort()).toEqual([...ROUTES].sort());
  });

  it('names every operation once', () => {
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z][A-Za-z]+$/.test(id))).toEqual([]);
  });

  it.each(operations)('says of %s what it does, answers and refuses', (route, operation) => {
    const [method = '', path = ''] = route.split(' ');
    expect(operation.summary).toMatch(/^[A-Z]/);
    expect(operation.tags).toHaveLength(1);
    const statuses = Object.keys(operation.responses);
    expect(statuses.some((status) => status.startsWith('2'))).toBe(true);
    const place = placeOf(method, `${inkwell.url}${path}`)!;
    const answers = statuses.map(
      (status) => answerAt(place, status === 'default' ? 599 : Number(status)).answer,
    );
    expect(answers.at(-1)!.content).toHaveProperty(['application/problem+json']);
    expect(answers.filter(({ description }) => description === '')).toEqual([]);
  });
});

describe('an answer of the API', () => {
  const PATH = '/blog/api/categories';

  it('is empty for who has it already', async () => {
    const etag = (await api(inkwell).get(PATH)).headers.get('etag')!;
    const { status, body } = await api(inkwell).get(PATH, undefined, { 'if-none-match': etag });
    expect([status, body]).toEqual([304, undefined]);
  });

  it.each([
    [413, 'request.too_large', `"${'x'.repeat(5_000)}"`, {}],
    [415, 'request.unsupported_media_type', 'username=ada', { 'content-type': 'text/plain' }],
    [400, 'request.malformed', '{', {}],
  ])('refuses a body with %i %s as documented', async (status, code, sent, headers) => {
    const answer = await api(inkwell).post('/api/login', sent, undefined, headers);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  it('points at parameters and members that it does not know', async () => {
    const query = await api(inkwell).get(`${PATH}?sort=name`);
    expect(query.body['errors']).toEqual([{ pointer: '/sort', detail: 'is unknown here' }]);
    const body = await api(inkwell).post('/api/login', { user: 'ada', username: 'ada', password: 'x' });
    expect(body.body['errors']).toEqual([{ pointer: '/user', detail: 'is unknown here' }]);
  });
});

describe('GET /problems', () => {
  it('is where the type of every problem leads', async () => {
    const { status, headers, body } = await api(inkwell).get<string>('/problems');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^text\/html/);
    expect([...body.matchAll(/<dt id="([^"]+)">/g)].map(([, code]) => code)).toEqual(
      Object.keys(PROBLEM_TYPES),
    );
    const { type } = (await api(inkwell).get('/nowhere')).body;
    const { pathname, hash } = new URL(String(type), `${inkwell.url}/nowhere`);
    expect([pathname, hash]).toEqual(['/problems', '#route.not_found']);
  });
});

describe('GET /docs', () => {
  it.each(['/docs', '/docs/'])('shows the document at %s with nothing from elsewhere', async (path) => {
    const { status, headers, body } = await api(inkwell).get<string>(path);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^text\/html/);
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
    const links = [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link!);
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) {
      const { origin, pathname } = new URL(link, `${inkwell.url}${path}`);
      expect(origin).toBe(inkwell.url);
      expect([link, (await api(inkwell).get(pathname)).status]).toEqual([link, 200]);
    }
    expect(body).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>\s*\S/);
  });
});
