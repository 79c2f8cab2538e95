import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { readFileSync } from 'node:fs';

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
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

function schemaOf(place: readonly string[]): ValidateFunction {
  const pointer = place.map((token) => `/${escaped(token)}`).join('');
  const schema = ajv.getSchema(`openapi#${pointer}`);
  if (schema === undefined) throw new Error(`The API document has no ${place.join(' ')}`);
  return schema;
}

/** @throws when an answer is not what docs/openapi.json says of its operation: status, media type, or body */
async function assertDocumented(request: Request, response: Response): Promise<void> {
  const { pathname } = new URL(request.url);
  const method = request.method.toLowerCase();
  const path = templates.find(({ pattern }) => pattern.test(pathname))?.path;
  const operation = path === undefined ? undefined : apiDocument.paths[path]?.[method];
  if (path === undefined || operation === undefined)
    throw new Error(`${method} ${pathname} is not documented`);
  const documented = operation.responses[response.status];
  const what = `${method} ${path} ${response.status}`;
  if (documented === undefined) throw new Error(`${what} is not documented`);
  const text = await response.clone().text();
  if (documented.content === undefined) {
    if (text !== '') throw new Error(`${what} has a body that is not documented`);
    return;
  }
  const type = response.headers.get('content-type')?.split(';', 1)[0] ?? '';
  const validate = schemaOf([
    'paths',
    path,
    method,
    'responses',
    String(response.status),
    'content',
    type,
    'schema',
  ]);
  if (!validate(JSON.parse(text))) throw new Error(`${what}: ${ajv.errorsText(validate.errors)} in ${text}`);
}

/** `fetch` that holds every answer against the API document. */
export async function conformingFetch(request: Request): Promise<Response> {
  const response = await fetch(request);
  await assertDocumented(request, response);
  return response;
}
