import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { readFileSync } from 'node:fs';
import { PasswordHasher } from '../../src/platform/passwords/password-hasher.js';
import { HashQueueFull } from '../../src/platform/passwords/hash-queue-full.js';
import { PASSWORD, register } from '../support/accounts.js';
import { api } from '../support/api.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

type Line = Readonly<Record<string, unknown>>;

const RUNBOOKS = ['LoginFailures', 'PasswordHashQueue', 'RateLimited'];
const textOf = (name: string): string => readFileSync(`docs/runbooks/Inkwell${name}.md`, 'utf8');
/** The lines that the runbooks quote in backticks: `a line \`Login refused\``, or several. */
const quotedLines = (text: string): string[] =>
  [...text.matchAll(/\blines? ((?:`[^`]+`(?: and )?)+)/g)].flatMap(([, quotes = '']) =>
    [...quotes.matchAll(/`([^`]+)`/g)].map(([, line = '']) => line),
  );

let inkwell: Inkwell;
const written: Line[] = [];
beforeAll(async () => {
  inkwell = await startInkwell({ TRUSTED_PROXIES: '127.0.0.1', RATE_LIMIT_LOGIN: '3', REDIS_URL: '' });
  jest.spyOn(Logger.prototype, 'warn').mockImplementation((line: unknown) => void written.push(line as Line));
});
afterAll(async () => {
  jest.restoreAllMocks();
  await inkwell.close();
});

const login = (username: string, password: string, id: string, address = '203.0.113.77') =>
  api(inkwell).post('/api/login', { username, password }, undefined, {
    'x-forwarded-for': address,
    'x-request-id': id,
  });
const lineOf = (id: string): Line | undefined => written.find((line) => line['request_id'] === id);

describe('the log of a request that was turned away', () => {
  it('names the client’s network and the account of a refused login, and not what was typed', async () => {
    const accountId = await register(inkwell, 'ada');
    await login('ada', 'a wrong guess', 'known');
    await login('somebody-unknown', 'a wrong guess', 'unknown');
    expect(lineOf('known')).toEqual({
      message: 'Login refused',
      request_id: 'known',
      trace_id: undefined,
      method: 'POST',
      route: '/api/login',
      policy: undefined,
      client: '203.0.113.0/24',
      account_id: accountId,
    });
    expect(lineOf('unknown')).toMatchObject({ message: 'Login refused', account_id: undefined });
    expect(JSON.stringify(written)).not.toMatch(/somebody-unknown|a wrong guess|203\.0\.113\.77/);
  });

  it('names the policy of a limit that was reached, and the account where it is an account’s', async () => {
    const accountId = await register(inkwell, 'ben');
    for (let n = 0; n < 13; n += 1) await login('ben', 'a wrong guess', `ben-${n}`, `198.51.100.${n}`);
    expect(lineOf('ben-12')).toMatchObject({
      message: 'Rate limit reached',
      policy: 'login-account-15m',
      client: '198.51.100.0/24',
      account_id: accountId,
    });
    for (let n = 0; n < 4; n += 1) await login('cat', 'a wrong guess', `cat-${n}`, '192.0.2.4');
    expect(lineOf('cat-3')).toMatchObject({ message: 'Rate limit reached', policy: 'login' });
  });

  it('says once that the hash queue is full', async () => {
    const hasher = inkwell.app.get(PasswordHasher, { strict: false });
    jest.spyOn(hasher, 'matches').mockRejectedValueOnce(new HashQueueFull());
    expect((await login('ada', PASSWORD, 'full', '192.0.2.200')).status).toBe(503);
    const lines = written.filter((line) => line['request_id'] === 'full');
    expect(lines).toMatchObject([{ message: 'Password hash queue is full', client: '192.0.2.0/24' }]);
  });

  it.each(RUNBOOKS)('is what the runbook %s quotes', (name) => {
    const quoted = quotedLines(textOf(name));
    expect(quoted.length).toBeGreaterThan(0);
    const messages = new Set(written.map((line) => line['message']));
    expect(quoted.filter((line) => !messages.has(line))).toEqual([]);
  });
});
