import { setTimeout as sleep } from 'node:timers/promises';
import type { CacheExplanation } from '../../src/platform/responses/inspect/cache.schemas.js';
import { promote, registerAndLogin } from '../support/accounts.js';
import type { ApiResponse } from '../support/api.js';
import { api } from '../support/documented-api.js';
import { query } from '../support/database.js';
import { type Inkwell, LONG_LEASE, startInkwell } from '../support/start-inkwell.js';
import { NOTES_TABLE, NotesModule } from './notes.js';

export const PURGE = '/api/cache/purge';
export const EXPLAIN = '/api/cache/explain';

const EXTRAS = { modules: [NotesModule], schema: [NOTES_TABLE] };

/** An instance with notes, and its operators. */
export interface Operated {
  readonly inkwell: Inkwell;
  /** Access tokens. */
  readonly admin: string;
  readonly author: string;
}

export async function startOperated(environment: Record<string, string> = {}): Promise<Operated> {
  const inkwell = await startInkwell({ ...LONG_LEASE, ...environment }, EXTRAS);
  const { token: author } = await registerAndLogin(inkwell, 'ada');
  const { token: admin } = await registerAndLogin(inkwell, 'chief');
  await promote(inkwell, 'chief', 'admin');
  return { inkwell, admin, author };
}

/** Another process on the same database and the same Redis. */
export const startBeside = ({ databaseUrl }: Inkwell): Promise<Inkwell> =>
  startInkwell(LONG_LEASE, { ...EXTRAS, schema: [], databaseUrl });

export async function explain(on: Inkwell, path: string, token: string): Promise<CacheExplanation> {
  const answer = await api(on).get<CacheExplanation>(`${EXPLAIN}?path=${encodeURIComponent(path)}`, token);
  if (answer.status !== 200) throw new Error(`Not explained: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

export const getNote = (on: Inkwell, path: string): Promise<ApiResponse<{ text: string }>> =>
  api(on).get(path);
export const putNote = (on: Inkwell, id: number, text: string) => api(on).put(`/notes/${id}`, { text });
export const cacheStatus = async (on: Inkwell, path: string): Promise<string> =>
  (await getNote(on, path)).headers.get('cache-status') ?? '';

/** Changes notes as psql would, without an event. */
export const changeBehind = (on: Inkwell, ...ids: number[]) =>
  query(on, `UPDATE notes SET text = 'after' WHERE id = ANY ($1)`, [ids]);

/** Repeats a check for five seconds until it holds. If it never does, the following steps fail. */
export async function until<T>(ask: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const answer = await ask();
    if (isSo(answer) || Date.now() > deadline) return answer;
    await sleep(10);
  }
}
