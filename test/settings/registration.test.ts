import { describe, expect, it } from '@jest/globals';
import type { Principal } from '../../src/platform/access/principal.js';
import { SettingsService } from '../../src/settings/settings.service.js';
import { PASSWORD, promote, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

const IN_PRODUCTION = { NODE_ENV: 'production', DEFAULT_ROLE: 'author' };

const register = async (on: Inkwell, username: string): Promise<unknown> => {
  const account = { username, email: `${username}@example.org`, password: PASSWORD };
  const { status, body } = await api(on).post('/api/register', account);
  return status === 201 ? 'registered' : body['code'];
};

async function administratorOf(on: Inkwell): Promise<Principal> {
  const { id: userId, username } = await registerAndLogin(on, 'rooty');
  await promote(on, username, 'admin');
  return { userId, username, role: 'admin' } as Principal;
}

const switchTo = (on: Inkwell, registration: 'open' | 'closed', principal: Principal): Promise<unknown> =>
  on.app.get(SettingsService).change({ registration }, { principal });

describe('registration', () => {
  it('is closed and opened by an administrator, on every replica at once', async () => {
    const inkwell = await startInkwell();
    const replica = await startInkwell({}, { databaseUrl: inkwell.databaseUrl });
    try {
      const root = await administratorOf(inkwell);
      for (const round of [1, 2, 3]) {
        expect(await register(replica, `ada-${round}`)).toBe('registered');
        await switchTo(inkwell, 'closed', root);
        expect(await register(replica, `bob-${round}`)).toBe('registration.closed');
        await switchTo(inkwell, 'open', root);
      }
    } finally {
      await replica.close();
      await inkwell.close();
    }
  });

  it('is closed in production until an administrator opens it', async () => {
    const inkwell = await startInkwell();
    const production = await startInkwell(IN_PRODUCTION, { databaseUrl: inkwell.databaseUrl });
    try {
      const root = await administratorOf(inkwell);
      expect(await register(production, 'ada')).toBe('registration.closed');
      await switchTo(inkwell, 'open', root);
      expect(await register(production, 'ada')).toBe('registered');
    } finally {
      await production.close();
      await inkwell.close();
    }
  });

  it('is what the environment says, whatever an administrator chooses', async () => {
    const inkwell = await startInkwell();
    const fixed = await startInkwell({ REGISTRATION: 'closed' }, { databaseUrl: inkwell.databaseUrl });
    try {
      const root = await administratorOf(inkwell);
      await switchTo(inkwell, 'open', root);
      expect(await register(fixed, 'ada')).toBe('registration.closed');
      await expect(switchTo(fixed, 'open', root)).rejects.toMatchObject({
        code: 'site.fixed',
        detail: expect.stringContaining('REGISTRATION'),
      });
    } finally {
      await fixed.close();
      await inkwell.close();
    }
  });
});
