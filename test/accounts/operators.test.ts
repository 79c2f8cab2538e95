import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TransactionRunner } from '../../src/platform/outbox/transaction-runner.js';
import { UsersService } from '../../src/users/users.service.js';
import { login, PASSWORD, promote, register, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { outboxOf, query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

let inkwell: Inkwell;
let users: UsersService;
beforeAll(async () => {
  inkwell = await startInkwell();
  users = inkwell.app.get(UsersService);
});
afterAll(() => inkwell.close());

const me = (token: string) => api(inkwell).get('/api/users/me', token);
const bring = (username: string, displayName = ''): Promise<number> =>
  inkwell.app.get(TransactionRunner).run((tx) => users.createWithoutPassword(tx, username, displayName));

describe('UsersService.setRole', () => {
  it('acts at once on the sessions the user has', async () => {
    const account = await registerAndLogin(inkwell, 'ada');
    const other = await register(inkwell, 'somebody');
    const change = () => api(inkwell).patch(`/api/users/${other}`, { bio: 'By an admin.' }, account.token);
    expect((await change()).status).toBe(403);
    await promote(inkwell, 'ada', 'admin');
    expect((await change()).status).toBe(200);
    await promote(inkwell, 'ada', 'reader');
    expect((await change()).status).toBe(403);
    expect((await me(account.token)).body['role']).toBe('reader');
    expect((await api(inkwell).get('/api/users/ada')).body['role']).toBe('reader');
  });

  it('records the profile and the sessions, and nothing when nothing changes', async () => {
    const { id } = await registerAndLogin(inkwell, 'bea');
    const [session] = await query<{ id: string }>(inkwell, 'SELECT id FROM sessions WHERE user_id = $1', [
      id,
    ]);
    expect(await outboxOf(inkwell, () => promote(inkwell, 'bea', 'admin'))).toEqual([
      {
        event: 'user.role_changed',
        tags: [`user:${id}`, `session:${session!.id}`],
        payload: { id, username: 'bea', role: 'admin', session_ids: [session!.id] },
      },
    ]);
    expect(await outboxOf(inkwell, () => promote(inkwell, 'bea', 'admin'))).toEqual([]);
  });

  it('refuses an unknown name', async () => {
    await expect(users.setRole('nobody', 'admin')).rejects.toMatchObject({ code: 'user.not_found' });
  });
});

describe('UsersService.resetPassword', () => {
  it('gives a password that works from now on, and ends all sessions', async () => {
    const account = await registerAndLogin(inkwell, 'cleo');
    const password = await users.resetPassword('cleo');
    expect(password).toMatch(/^[\w-]{20}$/);
    expect((await me(account.token)).status).toBe(401);
    expect((await me((await login(inkwell, 'cleo', password)).token)).status).toBe(200);
    const old = await api(inkwell).post('/api/login', { username: 'cleo', password: PASSWORD });
    expect(old.status).toBe(401);
  });

  it('lets somebody log in whom an import brought', async () => {
    await bring('imported');
    const { token } = await login(inkwell, 'imported', await users.resetPassword('imported'));
    expect((await me(token)).body).toMatchObject({ username: 'imported', email: null, role: 'author' });
  });

  it('refuses an unknown name', async () => {
    await expect(users.resetPassword('nobody')).rejects.toMatchObject({ code: 'user.not_found' });
  });
});

describe('UsersService.createWithoutPassword', () => {
  it('makes an account nobody can log in to, once', async () => {
    const rows = await outboxOf(inkwell, async () => {
      expect(await bring('grace', 'Grace H.')).toBe(await bring('grace', 'Another name'));
    });
    expect(rows.map(({ event }) => event)).toEqual(['user.registered']);
    expect((await api(inkwell).get('/api/users/grace')).body).toMatchObject({ display_name: 'Grace H.' });
    for (const password of ['', 'null', PASSWORD]) {
      const { status } = await api(inkwell).post('/api/login', { username: 'grace', password });
      expect([400, 401]).toContain(status);
    }
  });

  it('gives the id of who has the name already, and leaves them as they are', async () => {
    const id = await register(inkwell, 'dora');
    expect(await bring('dora', 'Not Dora')).toBe(id);
    expect((await api(inkwell).get('/api/users/dora')).body['display_name']).toBe('');
  });

  it('gives everybody who asks at the same moment the same id', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, () => bring('crowd')));
    expect(new Set(ids).size).toBe(1);
  });

  it('takes a name that nobody may register, such as the one of many imported blogs', async () => {
    expect(await bring('admin')).toEqual(expect.any(Number));
    expect((await api(inkwell).get('/api/users/admin')).status).toBe(200);
  });

  it('keeps nothing of a transaction that fails', async () => {
    const failed = inkwell.app.get(TransactionRunner).run(async (tx) => {
      await users.createWithoutPassword(tx, 'ghost', '');
      throw new Error('the import failed');
    });
    await expect(failed).rejects.toThrow('the import failed');
    expect((await api(inkwell).get('/api/users/ghost')).status).toBe(404);
  });
});
