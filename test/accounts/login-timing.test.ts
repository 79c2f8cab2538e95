import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type * as Argon2 from '@node-rs/argon2';
import { createRequire } from 'node:module';
import type { Inkwell } from '../support/start-inkwell.js';

/** One entry per password check: the parameters of the hash, and the result. */
const checks: { readonly parameters: string; readonly isMatch: boolean }[] = [];

// The real Argon2id, with each call recorded. Hashes with the same parameters take the same work.
const argon2 = createRequire(import.meta.url)('@node-rs/argon2') as typeof Argon2;
jest.unstable_mockModule('@node-rs/argon2', () => ({
  ...argon2,
  verify: async (...given: Parameters<typeof Argon2.verify>) => {
    const isMatch = await argon2.verify(...given);
    const [, algorithm, version, costs] = String(given[0]).split('$');
    checks.push({ parameters: [algorithm, version, costs].join(' '), isMatch });
    return isMatch;
  },
}));
const { register } = await import('../support/accounts.js');
const { api } = await import('../support/api.js');
const { query } = await import('../support/database.js');
const { startInkwell } = await import('../support/start-inkwell.js');

const PARAMETERS = 'argon2id v=19 m=19456,t=2,p=1';

let inkwell: Inkwell;
beforeAll(async () => {
  inkwell = await startInkwell();
  await register(inkwell, 'known');
  await query(inkwell, `INSERT INTO users (username, role) VALUES ('imported', 'author')`);
});
beforeEach(() => void checks.splice(0));
afterAll(() => inkwell.close());

/** A clock would tell the same only on a machine that does nothing else. */
describe('POST /api/login', () => {
  it.each([
    ['a wrong password', 'known'],
    ['an unknown name', 'nobody'],
    ['an account without a password', 'imported'],
  ])('checks one Argon2id hash of the same parameters for %s', async (_, username) => {
    const { status } = await api(inkwell).post('/api/login', { username, password: 'a wrong guess' });
    expect(status).toBe(401);
    expect(checks).toEqual([{ parameters: PARAMETERS, isMatch: false }]);
  });
});
