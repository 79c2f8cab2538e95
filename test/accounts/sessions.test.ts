import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Housekeeping } from '../../src/platform/database/housekeeping.js';
import { login } from '../support/accounts.js';
import { api } from '../support/documented-api.js';
import { outboxOf, query } from '../support/database.js';
import { sessionsOf } from '../support/sessions.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

let inkwell: Inkwell;
beforeAll(async () => {
  inkwell = await startInkwell();
});
afterAll(() => inkwell.close());
const { age, currentId, list, newAccount, refresh, statusWith } = sessionsOf(() => inkwell);

describe('GET /api/sessions', () => {
  it('lists the sessions of the caller, the newest first, and marks this one', async () => {
    const account = await newAccount();
    const newer = await login(inkwell, account.username, undefined, { 'user-agent': 'Newer/2' });
    const sessions = await list(account.token);
    expect(sessions.map(({ current, user_agent: agent }) => [current, agent])).toEqual([
      [false, 'Newer/2'],
      [true, expect.any(String)],
    ]);
    const [latest] = sessions;
    expect(latest).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      user_agent: 'Newer/2',
      created_at: expect.stringMatching(/Z$/),
      refreshed_at: latest?.created_at,
      expires_at: new Date(Date.parse(latest!.refreshed_at) + 1_800_000).toISOString(),
      current: false,
    });
    expect((await list(newer.token)).map(({ current }) => current)).toEqual([true, false]);
  });

  it('leaves out sessions that have ended', async () => {
    const account = await newAccount();
    const [idle, old] = [await login(inkwell, account.username), await login(inkwell, account.username)];
    await age(await currentId(idle.token), '31 minutes');
    await age(await currentId(old.token), '31 days', 'created_at');
    expect(await list(account.token)).toHaveLength(1);
  });

  it('refuses no token with 401', async () => {
    expect((await api(inkwell).get('/api/sessions')).status).toBe(401);
  });
});

describe('DELETE /api/sessions/:id', () => {
  it('ends another session of the caller at once', async () => {
    const account = await newAccount();
    const other = await login(inkwell, account.username);
    const id = await currentId(other.token);
    const rows = await outboxOf(inkwell, async () => {
      const { status, body } = await api(inkwell).delete(`/api/sessions/${id}`, account.token);
      expect([status, body]).toEqual([204, undefined]);
    });
    expect(rows.map(({ event, tags }) => [event, tags])).toEqual([['session.revoked', [`session:${id}`]]]);
    expect([await statusWith(other.token), await statusWith(account.token)]).toEqual([401, 200]);
    expect((await refresh(other.refreshToken)).status).toBe(401);
  });

  it('answers 404 for a session of somebody else, and leaves it', async () => {
    const [account, somebody] = [await newAccount(), await newAccount()];
    const { status, body } = await api(inkwell).delete(
      `/api/sessions/${await currentId(somebody.token)}`,
      account.token,
    );
    expect(status).toBe(404);
    expect(body).toMatchObject({ code: 'session.not_found' });
    expect(await statusWith(somebody.token)).toBe(200);
  });

  it('answers 404 for a session that was revoked before, without an outbox row', async () => {
    const account = await newAccount();
    const id = await currentId((await login(inkwell, account.username)).token);
    await api(inkwell).delete(`/api/sessions/${id}`, account.token);
    const rows = await outboxOf(inkwell, async () => {
      expect((await api(inkwell).delete(`/api/sessions/${id}`, account.token)).status).toBe(404);
    });
    expect(rows).toEqual([]);
  });

  it.each(['7', '9e99', 'x', '00000000-0000-0000-0000-00000000000g'])(
    'refuses the id %s with 400',
    async (id) => {
      const { token } = await newAccount();
      expect((await api(inkwell).delete(`/api/sessions/${id}`, token)).status).toBe(400);
    },
  );

  it('refuses no token with 401', async () => {
    const id = await currentId((await newAccount()).token);
    expect((await api(inkwell).delete(`/api/sessions/${id}`)).status).toBe(401);
  });
});

describe('POST /api/logout', () => {
  it('ends this session at once, with its refresh token, and no other', async () => {
    const account = await newAccount();
    const other = await login(inkwell, account.username);
    const id = await currentId(account.token);
    const rows = await outboxOf(inkwell, async () => {
      expect((await api(inkwell).post('/api/logout', undefined, account.token)).status).toBe(204);
    });
    expect(rows.map(({ event, tags }) => [event, tags])).toEqual([['session.revoked', [`session:${id}`]]]);
    expect([await statusWith(account.token), await statusWith(other.token)]).toEqual([401, 200]);
    expect((await refresh(account.refreshToken)).status).toBe(401);
  });

  it('leaves nothing valid whichever is first, a refresh or the logout of the same moment', async () => {
    for (let round = 0; round < 10; round += 1) {
      const account = await newAccount();
      const [renewed, left] = await Promise.all([
        refresh(account.refreshToken),
        api(inkwell).post('/api/logout', undefined, account.token),
      ]);
      expect(left.status).toBe(204);
      expect([200, 401]).toContain(renewed.status);
      const token = (renewed.body['token'] as string | undefined) ?? account.token;
      const next = (renewed.body['refresh_token'] as string | undefined) ?? account.refreshToken;
      expect([await statusWith(token), (await refresh(next)).status]).toEqual([401, 401]);
    }
  });

  it('is refused with 401 without a token, and with one that is revoked', async () => {
    const { token } = await newAccount();
    await api(inkwell).post('/api/logout', undefined, token);
    expect((await api(inkwell).post('/api/logout', undefined, token)).status).toBe(401);
    expect((await api(inkwell).post('/api/logout')).status).toBe(401);
  });
});

describe('POST /api/logout-all', () => {
  it('ends every session of the caller in one event, and nobody else’s', async () => {
    const [account, somebody] = [await newAccount(), await newAccount()];
    const other = await login(inkwell, account.username);
    const ids = [await currentId(account.token), await currentId(other.token)];
    const rows = await outboxOf(inkwell, async () => {
      expect((await api(inkwell).post('/api/logout-all', undefined, account.token)).status).toBe(204);
    });
    expect(rows.map(({ event, tags }) => [event, [...tags].sort()])).toEqual([
      ['session.revoked', ids.map((id) => `session:${id}`).sort()],
    ]);
    const statuses = [account, other, somebody].map(({ token }) => statusWith(token));
    expect(await Promise.all(statuses)).toEqual([401, 401, 200]);
  });
});

describe('housekeeping', () => {
  it('deletes sessions that have ended, with their tokens, and keeps the others', async () => {
    const account = await newAccount();
    const idle = await login(inkwell, account.username);
    const [kept, gone] = [await currentId(account.token), await currentId(idle.token)];
    await age(gone, '31 minutes');
    await inkwell.app.get(Housekeeping).sweep();
    const left = (table: string, column: string) =>
      query(inkwell, `SELECT DISTINCT ${column} AS id FROM ${table} WHERE ${column} = ANY($1)`, [
        [kept, gone],
      ]);
    expect(await left('sessions', 'id')).toEqual([{ id: kept }]);
    expect(await left('refresh_tokens', 'session_id')).toEqual([{ id: kept }]);
  });
});
