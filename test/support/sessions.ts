import { type Account, registerAndLogin, type Session } from './accounts.js';
import { api, type ApiResponse, type Json } from './api.js';
import { query } from './database.js';
import type { Inkwell } from './start-inkwell.js';

/** As in `GET /api/sessions`. */
export interface ListedSession {
  readonly id: string;
  readonly user_agent: string;
  readonly created_at: string;
  readonly refreshed_at: string;
  readonly expires_at: string;
  readonly current: boolean;
}

/** Requests about sessions to one instance. */
export function sessionsOf(inkwell: () => Inkwell) {
  let count = 0;
  const list = async (token: string): Promise<ListedSession[]> =>
    (await api(inkwell()).get<ListedSession[]>('/api/sessions', token)).body;
  const refresh = (refreshToken: string): Promise<ApiResponse<Json>> =>
    api(inkwell()).post('/api/refresh', { refresh_token: refreshToken });
  return {
    list,
    refresh,
    newAccount: (): Promise<Account> => registerAndLogin(inkwell(), `user${(count += 1)}`),
    refreshed: async (refreshToken: string): Promise<Session> => {
      const { body } = await refresh(refreshToken);
      return { token: body['token'] as string, refreshToken: body['refresh_token'] as string };
    },
    /** 200 while the token is valid, otherwise 401. */
    statusWith: async (token: string): Promise<number> =>
      (await api(inkwell()).get('/api/users/me', token)).status,
    currentId: async (token: string): Promise<string> =>
      (await list(token)).find(({ current }) => current)!.id,
    /** Makes a session older, as if time had passed. */
    age: async (id: string, interval: string, column: 'refreshed_at' | 'created_at' = 'refreshed_at') => {
      await query(inkwell(), `UPDATE sessions SET ${column} = ${column} - $2::interval WHERE id = $1`, [
        id,
        interval,
      ]);
    },
    /** Makes the use of its refresh tokens older, as if time had passed. */
    ageUsedTokens: async (id: string, interval: string): Promise<void> => {
      const sql = 'UPDATE refresh_tokens SET used_at = used_at - $2::interval WHERE session_id = $1';
      await query(inkwell(), sql, [id, interval]);
    },
  };
}
