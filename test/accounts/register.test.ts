import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD } from '../support/accounts.js';
import { api } from '../support/api.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

let inkwell: Inkwell;
beforeAll(async () => {
  inkwell = await startInkwell();
});
afterAll(() => inkwell.close());

const ada = { username: 'ada', email: 'ada@example.org', password: PASSWORD };

describe('POST /api/register', () => {
  it('makes an account and tells what it made, never the password', async () => {
    const { status, headers, body } = await api(inkwell).post('/api/register', ada);
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(Number),
      username: 'ada',
      email: 'ada@example.org',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expect(headers.get('cache-control')).toBe('no-store');
  });
});
