import type { Answer } from '../http/answer-parser.js';
import type { Change } from '../http/request-text.js';

const PASSWORD = 'a quiet green kettle';

/** An author. */
export interface Account {
  readonly id: number;
  readonly username: string;
  /** Renewed before it expires. */
  token: string;
}

export const registration = (username: string): Change => ({
  method: 'POST',
  path: '/api/register',
  body: { username, email: `${username}@example.org`, password: PASSWORD },
});

export const loginOf = (username: string): Change => ({
  method: 'POST',
  path: '/api/login',
  body: { username, password: PASSWORD },
});

/** @param path of the account @param token of its owner */
export const removal = (path: string, token: string): Change => ({
  method: 'DELETE',
  path,
  token,
  body: { current_password: PASSWORD },
});

/** @param answer of a login */
export const tokenOf = ({ body }: Answer): string => (JSON.parse(body.toString()) as { token: string }).token;

/** @param answer to a request that creates something */
export const idOf = ({ body }: Answer): number => (JSON.parse(body.toString()) as { id: number }).id;
