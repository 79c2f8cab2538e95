import type { EditedDocument } from '../../src/blog/editing.service.js';
import type { StudioBrowser } from '../support/studio.js';

export interface Called {
  readonly status: number;
  readonly etag: string;
  readonly headers: Headers;
  readonly document: EditedDocument;
  readonly problem: { code: string; current?: EditedDocument; errors?: { pointer: string }[] };
}

export const PATH = '/studio/api/posts';
let keys = 0;

export async function call(
  by: StudioBrowser,
  method: string,
  path: string,
  body?: unknown,
  { ifMatch, key }: { ifMatch?: string | undefined; key?: string } = {},
): Promise<Called> {
  const answer = await by.call(method, PATH + path, body, {
    accept: 'application/json',
    ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    'idempotency-key': key ?? `key-${(keys += 1)}`,
  });
  const parsed = (answer.body === '' ? undefined : JSON.parse(answer.body)) as never;
  const { status, headers } = answer;
  return { status, headers, etag: headers.get('etag') ?? '', document: parsed, problem: parsed };
}

interface CallOptions {
  readonly key?: string;
  readonly by?: StudioBrowser;
}

/** Calls the editor's API, as `ada` unless the options name somebody else. @param world read at each call */
export const editorOf = (world: () => { readonly ada: StudioBrowser }) => ({
  begin: (text: object = { title: 'Untitled' }, { key, by = world().ada }: CallOptions = {}) =>
    call(by, 'POST', '', text, key === undefined ? {} : { key }),
  open: (id: number, by = world().ada) => call(by, 'GET', `/${id}`),
  save: (id: number, text: object, ifMatch?: string, { key, by = world().ada }: CallOptions = {}) =>
    call(by, 'PUT', `/${id}/text`, text, { ifMatch, ...(key === undefined ? {} : { key }) }),
  publish: (id: number, ifMatch?: string, by = world().ada) =>
    call(by, 'POST', `/${id}/publish`, undefined, { ifMatch }),
});
