import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { login, registerAndLogin, type Session } from '../support/accounts.js';
import { api } from '../support/documented-api.js';
import { meeting, outboxOf } from '../support/database.js';
import { sessionsOf } from '../support/sessions.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

let inkwell: Inkwell;
beforeAll(async () => {
  inkwell = await startInkwell();
});
afterAll(() => inkwell.close());
const { age, ageUsedTokens, currentId, newAccount, refresh, refreshed, statusWith } = sessionsOf(
  () => inkwell,
);

describe('POST /api/refresh', () => {
  it('gives a new access token of the same session and a new refresh token', async () => {
    const account = await newAccount();
    const { status, body } = await refresh(account.refreshToken);
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 'success',
      token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 600,
      refresh_token: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(body['refresh_token']).not.toBe(account.refreshToken);
    expect(await currentId(body['token'] as string)).toBe(await currentId(account.token));
  });

  it('goes on as long as each token is used once', async () => {
    let session: Session = await newAccount();
    for (let round = 0; round < 5; round += 1) session = await refreshed(session.refreshToken);
    expect(await statusWith(session.token)).toBe(200);
  });

  it('answers the same successor to a token shown again within ten seconds', async () => {
    const { refreshToken } = await newAccount();
    const [first, again] = [await refreshed(refreshToken), await refreshed(refreshToken)];
    expect(again.refreshToken).toBe(first.refreshToken);
    expect([await statusWith(first.token), await statusWith(again.token)]).toEqual([200, 200]);
  });

  it('answers the same successor to everybody who shows a token at the same moment', async () => {
    const account = await newAccount();
    const id = await currentId(account.token);
    const answers = await meeting(inkwell, 'SELECT 1 FROM sessions WHERE id = $1 FOR UPDATE', [id], () =>
      Array.from({ length: 6 }, () => refresh(account.refreshToken)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    const successors = new Set(answers.map(({ body }) => body['refresh_token'] as string));
    expect(successors.size).toBe(1);
    const [successor] = successors;
    expect(await statusWith((await refreshed(successor!)).token)).toBe(200);
  });

  it('refuses a session whose revocation commits at the same moment', async () => {
    const account = await newAccount();
    const revoke = 'UPDATE sessions SET revoked_at = now() WHERE id = $1';
    const [answer] = await meeting(inkwell, revoke, [await currentId(account.token)], () => [
      refresh(account.refreshToken),
    ]);
    expect(answer?.status).toBe(401);
  });

  it('revokes the whole session when a token is shown again after ten seconds', async () => {
    const account = await newAccount();
    const successor = await refreshed(account.refreshToken);
    const id = await currentId(account.token);
    await ageUsedTokens(id, '11 seconds');
    const rows = await outboxOf(inkwell, async () => {
      const { status, body } = await refresh(account.refreshToken);
      expect(status).toBe(401);
      expect(body).toMatchObject({ code: 'auth.invalid_refresh_token' });
    });
    expect(rows).toEqual([
      {
        event: 'session.revoked',
        tags: [`session:${id}`],
        payload: { user_id: account.id, session_ids: [id] },
      },
    ]);
    expect((await refresh(successor.refreshToken)).status).toBe(401);
    expect([await statusWith(account.token), await statusWith(successor.token)]).toEqual([401, 401]);
  });

  it('does not let the theft of one session end another', async () => {
    const account = await newAccount();
    const other = await login(inkwell, account.username);
    await refreshed(account.refreshToken);
    await ageUsedTokens(await currentId(account.token), '11 seconds');
    await refresh(account.refreshToken);
    expect(await statusWith(other.token)).toBe(200);
  });

  it('still answers the same successor nine seconds later', async () => {
    const account = await newAccount();
    const first = await refreshed(account.refreshToken);
    await ageUsedTokens(await currentId(account.token), '9 seconds');
    expect((await refreshed(account.refreshToken)).refreshToken).toBe(first.refreshToken);
  });

  it('finds the successor that another key of the ring made', async () => {
    const [older, newer] = ['an older secret of more than 32 bytes', 'a newer secret of more than 32 bytes'];
    const before = await startInkwell({ AUTH_SECRET: older });
    const during = await startInkwell({ DATABASE_URL: before.databaseUrl, AUTH_SECRET: `${newer},${older}` });
    try {
      const { refreshToken } = await registerAndLogin(before, 'ada');
      const answers = [];
      for (const instance of [before, during])
        answers.push(await api(instance).post('/api/refresh', { refresh_token: refreshToken }));
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect(answers[1]?.body['refresh_token']).toBe(answers[0]?.body['refresh_token']);
    } finally {
      await during.close();
      await before.close();
    }
  });

  it('refuses a session that was not refreshed for 30 minutes, without an outbox row', async () => {
    const account = await newAccount();
    const id = await currentId(account.token);
    await age(id, '29 minutes');
    const { refreshToken } = await refreshed(account.refreshToken);
    await age(id, '30 minutes 1 second');
    expect(await outboxOf(inkwell, () => refresh(refreshToken))).toEqual([]);
    expect((await refresh(refreshToken)).status).toBe(401);
  });

  it('refuses a session of 30 days, and gives no access token that outlives one', async () => {
    const account = await newAccount();
    const id = await currentId(account.token);
    await age(id, '29 days 23:55', 'created_at');
    const { body } = await refresh(account.refreshToken);
    expect(body['expires_in']).toBeGreaterThan(290);
    expect(body['expires_in']).toBeLessThanOrEqual(300);
    await age(id, '5 minutes', 'created_at');
    expect((await refresh(body['refresh_token'] as string)).status).toBe(401);
  });

  it('makes no outbox row', async () => {
    const { refreshToken } = await newAccount();
    expect(await outboxOf(inkwell, () => refresh(refreshToken))).toEqual([]);
  });

  it.each(['x', 'A'.repeat(43), 'a b', '💧'])('refuses the unknown token %s with 401', async (token) => {
    const { status, headers } = await refresh(token);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer realm="inkwell"');
  });

  it('refuses an access token in its place with 401, and a body that is not right with 400', async () => {
    const { token } = await newAccount();
    expect((await refresh(token.slice(0, 200))).status).toBe(401);
    for (const body of [{}, { refresh_token: '' }, { refresh_token: 7 }, { refresh_token: 'x', more: 1 }]) {
      expect((await api(inkwell).post('/api/refresh', body)).status).toBe(400);
    }
  });
});
