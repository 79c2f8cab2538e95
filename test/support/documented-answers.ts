import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { readFileSync } from 'node:fs';

interface Reference {
  readonly $ref: string;
}

interface Answer {
  readonly description: string;
  readonly content?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, Reference>>;
}

interface Operation {
  readonly responses: Readonly<Record<string, Answer | Reference>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly headers: Readonly<Record<string, { readonly required?: boolean }>>;
    readonly responses: Readonly<Record<string, Answer>>;
  };
}

export const apiDocument = JSON.parse(
  readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'),
) as Document;

const ajv = new Ajv2020({ strict: false, allErrors: true });
// A CommonJS package, whose default export is its `exports`.
(formats as unknown as (instance: Ajv2020) => void)(ajv);
ajv.addSchema(apiDocument, 'openapi');

const escaped = (token: string): string =>
  encodeURIComponent(token.replaceAll('~', '~0').replaceAll('/', '~1'));

const templates = Object.keys(apiDocument.paths)
  // `/api/users/me` before `/api/users/{id}`.
  .sort((a, b) => a.split('{').length - b.split('{').length)
  .map((path) => ({ path, pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`) }));

/** @returns the place in the document, if there is one */
export function placeOf(method: string, url: string): readonly string[] | undefined {
  const { pathname } = new URL(url);
  const path = templates.find(({ pattern }) => pattern.test(pathname))?.path;
  const operation = path === undefined ? undefined : apiDocument.paths[path]?.[method.toLowerCase()];
  return operation === undefined ? undefined : ['paths', path!, method.toLowerCase()];
}

function schemaOf(place: readonly string[]): ValidateFunction {
  const pointer = place.map((token) => `/${escaped(token)}`).join('');
  const schema = ajv.getSchema(`openapi#${pointer}`);
  if (schema === undefined) throw new Error(`The API document has no ${place.join(' ')}`);
  return schema;
}

function assertHeaders({ headers: documented = {} }: Answer, { headers }: Response, what: string): void {
  for (const [name, { required }] of Object.entries(apiDocument.components.headers)) {
    const isSent = headers.has(name);
    if (isSent && documented[name] === undefined)
      throw new Error(`${what} has ${name}, which is not documented`);
    if (!isSent && required === true && documented[name] !== undefined)
      throw new Error(`${what} has no ${name}`);
  }
}

/** The document's description of a status, and its place. Several operations may share it. */
export function answerAt(
  operation: readonly string[],
  given: number,
): { answer: Answer; place: readonly string[] } {
  const [, path = '', method = ''] = operation;
  const { responses } = apiDocument.paths[path]![method]!;
  if (responses[given] === undefined && given < 400)
    throw new Error(`${method} ${path} ${given} is not documented`);
  const status = responses[given] === undefined ? 'default' : String(given);
  const answer = responses[status]!;
  if (!('$ref' in answer)) return { answer, place: [...operation, 'responses', status] };
  const name = answer.$ref.split('/').at(-1)!;
  return { answer: apiDocument.components.responses[name]!, place: ['components', 'responses', name] };
}

/**
 * @param operation its place in the document
 * @throws if the status, headers, media type or body of an answer do not match docs/openapi.json
 */
export async function assertDocumented(operation: readonly string[], response: Response): Promise<void> {
  const what = `${operation.slice(1).reverse().join(' ')} ${response.status}`;
  const { answer, place } = answerAt(operation, response.status);
  assertHeaders(answer, response, what);
  const text = await response.clone().text();
  if (answer.content === undefined) {
    if (text !== '') throw new Error(`${what} has a body that is not documented`);
    return;
  }
  const type = response.headers.get('content-type')?.split(';', 1)[0] ?? '';
  const validate = schemaOf([...place, 'content', type, 'schema']);
  if (!validate(type.endsWith('json') ? JSON.parse(text) : text))
    throw new Error(`${what}: ${ajv.errorsText(validate.errors)} in ${text.slice(0, 2000)}`);
}

/** `fetch` for the API only, which checks every answer against the document. */
export async function conformingFetch(request: Request): Promise<Response> {
  const place = placeOf(request.method, request.url);
  if (place === undefined) throw new Error(`${request.method} ${request.url} is not documented`);
  const response = await fetch(request);
  await assertDocumented(place, response);
  return response;
}
