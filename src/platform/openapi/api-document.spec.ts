import { describe, expect, it } from '@jest/globals';
import { apiDocumentText } from './api-document.js';

interface Answer {
  readonly headers?: object;
  readonly content?: Readonly<Record<string, { readonly example?: unknown; readonly examples?: object }>>;
}

interface Operation {
  readonly security?: readonly object[];
  readonly requestBody?: Answer;
  readonly responses: Readonly<Record<string, Answer | { readonly $ref: string }>>;
}

type Operations = Readonly<Record<string, Readonly<Record<string, Operation>>>>;
const document = JSON.parse(apiDocumentText) as {
  readonly paths: Operations;
  readonly components: { readonly responses: Readonly<Record<string, Answer>> };
};

const resolved = (answer: Answer | { readonly $ref: string }): Answer =>
  '$ref' in answer ? document.components.responses[answer.$ref.split('/').at(-1)!]! : answer;

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ route: `${method} ${path}`, operation })),
);

const routesWith = (test: (operation: Operation) => boolean): string[] =>
  operations.filter(({ operation }) => test(operation)).map(({ route }) => route);
const routesAnswering = (status: number): string[] =>
  routesWith(({ responses }) => responses[status] !== undefined);

function* schemasIn(value: unknown, place = ''): Iterable<[place: string, schema: Record<string, unknown>]> {
  if (typeof value !== 'object' || value === null) return;
  const record = value as Record<string, unknown>;
  if (typeof record['type'] === 'string' || Array.isArray(record['type'])) yield [place, record];
  for (const [key, member] of Object.entries(record)) {
    if (key !== 'example' && key !== 'examples') yield* schemasIn(member, `${place}/${key}`);
  }
}

describe('the API document', () => {
  it('says of every operation which credentials it takes, and which take none', () => {
    expect(routesWith(({ security }) => security === undefined)).toEqual([]);
    expect(routesWith(({ security }) => security?.length === 0)).toEqual([
      'post /api/login',
      'post /api/refresh',
      'post /api/register',
      'get /api/users',
      'get /api/users/{id}',
      'get /blog/api/categories',
      'get /blog/api/tags',
      'get /api/site',
      'get /livez',
      'get /health',
      'get /startupz',
      'get /readyz',
      'get /stats',
      'get /metrics',
    ]);
  });

  it('has an example of every body, sent or answered', () => {
    const bodies = operations.flatMap(({ route, operation: { requestBody = {}, responses } }) =>
      Object.entries({ ...responses, requestBody }).flatMap(([of, answer]) =>
        Object.values(resolved(answer).content ?? {}).map((body) => ({ body, place: `${route} ${of}` })),
      ),
    );
    const without = bodies.filter(({ body }) => body.example === undefined && body.examples === undefined);
    expect(without.map(({ place }) => place)).toEqual([]);
    expect(bodies.length).toBeGreaterThan(200);
  });

  it('knows where a client may have the answer already', () => {
    expect(routesAnswering(304)).toEqual([
      'get /api/users',
      'get /api/users/{id}',
      'get /blog/api/posts',
      'get /blog/api/posts/{id}',
      'get /blog/api/categories',
      'get /blog/api/tags',
      'get /api/site',
    ]);
  });

  it.each([413, 415])('knows which operations refuse a body with %i', (status) => {
    expect(routesAnswering(status)).toEqual(routesWith(({ requestBody }) => requestBody !== undefined));
  });

  it('knows which operations have a limit, and by which headers they tell it', () => {
    expect(routesAnswering(429)).toEqual(
      expect.arrayContaining([
        'post /api/login',
        'post /api/register',
        'get /api/verify',
        'patch /api/users/{id}',
        'get /blog/api/posts',
        'post /blog/api/posts',
      ]),
    );
    const headers = operations.flatMap(({ operation: { responses } }) =>
      responses[429] === undefined ? [] : [Object.keys(resolved(responses[429]).headers ?? {})],
    );
    for (const names of headers)
      expect(names).toEqual(expect.arrayContaining(['RateLimit', 'RateLimit-Policy', 'Retry-After']));
  });

  it('bounds every text, number and list', () => {
    const bounds = { string: 'maxLength', integer: 'maximum', array: 'maxItems' };
    const schemas = [...schemasIn(document)];
    const unbounded = schemas.filter(
      ([, schema]) =>
        schema['enum'] === undefined &&
        Object.entries(bounds).some(
          ([type, bound]) => [schema['type']].flat().includes(type) && schema[bound] === undefined,
        ),
    );
    expect(unbounded.map(([place]) => place)).toEqual([]);
    expect(schemas.length).toBeGreaterThan(100);
  });
});
