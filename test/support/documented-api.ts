import { apiBy } from './api.js';
import { assertDocumented, placeOf } from './documented-answers.js';
import type { Inkwell } from './start-inkwell.js';

async function documentedFetch(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  const place = placeOf(init.method ?? 'GET', url);
  if (place !== undefined) await assertDocumented(place, response);
  return response;
}

/** Like `api` of api.ts, and checks every answer of the API against the document. */
export const api = (inkwell: Pick<Inkwell, 'url'>): ReturnType<typeof apiBy> =>
  apiBy(inkwell, documentedFetch);
