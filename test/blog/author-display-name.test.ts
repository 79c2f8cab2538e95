import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, registerAndLogin, removeAccount } from '../support/accounts.js';
import { api } from '../support/api.js';
import { type Inkwell, startInkwell, startSplit } from '../support/start-inkwell.js';
import { type PostDetail, type PostSummary, POSTS, written } from './posts.js';

describe.each([
  ['one process', startInkwell],
  ['accounts and blog apart', startSplit],
])('the display name of an author, with %s', (_shape, start) => {
  let inkwell: Inkwell;
  let ada: Account;
  let post: PostDetail;
  beforeAll(async () => {
    inkwell = await start();
    ada = await registerAndLogin(inkwell, 'ada');
    post = await written(inkwell, ada);
  });
  afterAll(() => inkwell.close());

  const names = async (): Promise<unknown[]> => {
    const [one, list] = await Promise.all([
      api(inkwell).get<PostDetail>(`${POSTS}/${post.id}`),
      api(inkwell).get<PostSummary[]>(POSTS),
    ]);
    return [one.body, list.body[0]!].map((shown) => [shown.author, shown.author_display_name]);
  };
  const rename = (displayName: string) =>
    api(inkwell).patch('/api/users/ada', { display_name: displayName }, ada.token);

  it('is the user name where there is none', async () => {
    expect(post).toMatchObject({ author: 'ada', author_display_name: 'ada' });
    expect(await names()).toEqual([
      ['ada', 'ada'],
      ['ada', 'ada'],
    ]);
  });

  it('is on every post from the answer to its change on, though the answers were cached', async () => {
    for (const name of ['Ada Lovelace', 'A. L.', '']) {
      await names();
      expect((await rename(name)).status).toBe(200);
      expect(await names()).toEqual([
        ['ada', name || 'ada'],
        ['ada', name || 'ada'],
      ]);
    }
  });

  it('makes another representation of the same version, which the 412 names', async () => {
    const { headers } = await api(inkwell).get(`${POSTS}/${post.id}`);
    await rename('Countess');
    const patch = (etag: string) =>
      api(inkwell).patch(`${POSTS}/${post.id}`, { title: 'Renamed' }, ada.token, { 'if-match': etag });
    const refused = await patch(headers.get('etag')!);
    expect(refused.status).toBe(412);
    expect(refused.headers.get('etag')).toMatch(/^"1-/);
    expect((await patch(refused.headers.get('etag')!)).status).toBe(200);
  });

  it('goes with the account', async () => {
    expect((await removeAccount(inkwell, 'ada', ada.token)).status).toBe(204);
    expect(await names()).toEqual([
      ['[deleted]', '[deleted]'],
      ['[deleted]', '[deleted]'],
    ]);
  });
});
