import { randomInt } from 'node:crypto';
import { UsersService } from '../../src/users/users.service.js';
import type { Role } from '../../src/platform/access/principal.js';
import { api, type ApiResponse, type Json, type RequestHeaders } from './api.js';
import { query } from './database.js';
import type { Inkwell } from './start-inkwell.js';

/** The password of every account created here. */
export const PASSWORD = 'a quiet green kettle';

export interface Session {
  readonly token: string;
  readonly refreshToken: string;
}

export interface Account extends Session {
  readonly id: number;
  readonly username: string;
}

/** For tests of counts by account, because all databases of a worker share one Redis. */
export async function useNewNumbers(inkwell: Inkwell): Promise<void> {
  await query(inkwell, `ALTER TABLE users ALTER COLUMN id RESTART WITH ${randomInt(1e8, 2e9)}`);
}

/** @returns the new user's id */
export async function register(inkwell: Pick<Inkwell, 'url'>, username: string): Promise<number> {
  const body = { username, email: `${username}@example.org`, password: PASSWORD };
  const response = await api(inkwell).post<{ id: number }>('/api/register', body);
  if (response.status !== 201)
    throw new Error(`Cannot register ${username}: ${JSON.stringify(response.body)}`);
  return response.body.id;
}

/** Opens another session. */
export async function login(
  inkwell: Pick<Inkwell, 'url'>,
  username: string,
  password: string = PASSWORD,
  headers: RequestHeaders = {},
): Promise<Session> {
  const response = await api(inkwell).post<{ token: string; refresh_token: string }>(
    '/api/login',
    { username, password },
    undefined,
    headers,
  );
  if (response.status !== 200) throw new Error(`Cannot log in ${username}: ${JSON.stringify(response.body)}`);
  return { token: response.body.token, refreshToken: response.body.refresh_token };
}

export async function registerAndLogin(inkwell: Pick<Inkwell, 'url'>, username: string): Promise<Account> {
  const id = await register(inkwell, username);
  return { id, username, ...(await login(inkwell, username)) };
}

/** Deletes an account with the password shared by all accounts here. */
export const removeAccount = (
  inkwell: Pick<Inkwell, 'url'>,
  user: number | string,
  token?: string,
): Promise<ApiResponse<Json>> =>
  api(inkwell).deleteWith(`/api/users/${user}`, { current_password: PASSWORD }, token);

/** Like `inkwell user promote`. Takes effect at once, also for existing sessions. */
export async function promote(inkwell: Inkwell, username: string, role: Role): Promise<void> {
  await inkwell.app.get(UsersService).setRole(username, role);
}
