import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

let inkwell: Inkwell;
beforeAll(async () => {
  inkwell = await startInkwell({
    RATE_LIMIT_EMAIL_CONFLICTS: '5',
    TRUSTED_PROXIES: '127.0.0.1',
    REDIS_URL: '',
  });
  await registerAndLogin(inkwell, 'victim');
});
afterAll(() => inkwell.close());

const from = (address: string) => ({ 'x-forwarded-for': address });
const TAKEN = 'Victim@example.org';
let count = 0;
const newName = (): string => `name${(count += 1)}`;

describe('answers that an e-mail address is taken', () => {
  it('are five an hour to an account, from wherever it asks; then a free one tells nothing either', async () => {
    const { id, token } = await registerAndLogin(inkwell, newName());
    const patch = (email: string, address: string) =>
      api(inkwell).patch(`/api/users/${id}`, { email }, token, from(address));
    expect((await patch('free@example.org', '10.0.0.0')).status).toBe(200);
    const seen: number[] = [];
    for (let n = 1; n <= 6; n += 1) seen.push((await patch(TAKEN, `10.0.0.${n}`)).status);
    expect(seen).toEqual([409, 409, 409, 409, 409, 429]);
    const { status, headers } = await patch('another@example.org', '10.0.0.9');
    expect(status).toBe(429);
    expect(headers.get('ratelimit-policy')).toBe('"email-conflict-account";q=5;w=3600');
    const bio = await api(inkwell).patch(`/api/users/${id}`, { bio: 'Goes on.' }, token, from('10.0.0.9'));
    expect(bio.status).toBe(200);
  });

  it('are five an hour to an address, of registrations and changes together', async () => {
    const { id, token } = await registerAndLogin(inkwell, newName());
    const register = (username: string, email: string) =>
      api(inkwell).post(
        '/api/register',
        { username, email, password: PASSWORD },
        undefined,
        from('10.1.1.1'),
      );
    const seen: number[] = [];
    for (let n = 0; n < 4; n += 1) seen.push((await register(newName(), TAKEN)).status);
    seen.push(
      (await api(inkwell).patch(`/api/users/${id}`, { email: TAKEN }, token, from('10.1.1.1'))).status,
    );
    seen.push(
      (await register(newName(), TAKEN)).status,
      (await register(newName(), 'new@example.org')).status,
    );
    expect(seen).toEqual([409, 409, 409, 409, 409, 429, 429]);
  });

  it('do not count names, which are public, and what succeeds', async () => {
    const register = (username: string, email: string) =>
      api(inkwell).post(
        '/api/register',
        { username, email, password: PASSWORD },
        undefined,
        from('10.2.2.2'),
      );
    for (let n = 0; n < 7; n += 1) expect((await register('victim', TAKEN)).status).toBe(409);
    for (let n = 0; n < 7; n += 1) {
      const name = newName();
      expect((await register(name, `${name}@example.org`)).status).toBe(201);
    }
  });
});
