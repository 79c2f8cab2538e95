import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, promote, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/documented-api.js';
import { query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { changesOf, newPost, pathOf, written } from './posts.js';

let inkwell: Inkwell;
let ada: Account;
let root: Account;
beforeAll(async () => {
  inkwell = await startInkwell();
  [ada, root] = await Promise.all([registerAndLogin(inkwell, 'ada'), registerAndLogin(inkwell, 'rooty')]);
  await promote(inkwell, 'rooty', 'admin');
});
afterAll(() => inkwell.close());

const { patch, remove, etagOf, stored } = changesOf(() => ({ inkwell, ada }));

describe('If-Match', () => {
  it('lets a change through that has seen the current version, in any representation', async () => {
    const { id } = await written(inkwell, ada);
    expect((await patch(id, { title: 'b' }, ada, await etagOf(id))).status).toBe(200);
    expect((await patch(id, { title: 'c' }, ada, (await etagOf(id)).replace(/"$/, '-br"'))).status).toBe(200);
    expect((await patch(id, { title: 'd' }, ada, `"1-x", ${await etagOf(id)}`)).status).toBe(200);
    expect((await patch(id, { title: 'e' }, ada, '*')).status).toBe(200);
    expect((await remove(id, ada, { 'if-match': await etagOf(id) })).status).toBe(204);
  });

  it('refuses the current version with another hash, and names the current tag', async () => {
    const { id } = await written(inkwell, ada);
    const etag = await etagOf(id);
    for (const wrong of [
      '"1-totallyWRONGhash"',
      '"1-totallyWRONGhash-br"',
      etag.replace(/"$/, '-zstd"'),
      `W/${etag}`,
    ]) {
      const refused = await patch(id, { title: 'b' }, ada, wrong);
      expect(refused).toMatchObject({ status: 412, body: { code: 'post.version_mismatch' } });
      expect(refused.headers.get('etag')).toBe(etag);
    }
  });

  it('names the unchanged version when only the category was renamed, so that the change can be sent again', async () => {
    const { id } = await written(inkwell, ada, { category_name: 'Named before' });
    const etag = await etagOf(id);
    await query(inkwell, `UPDATE categories SET name = 'Named since' WHERE name = 'Named before'`);
    const refused = await patch(id, { title: 'b' }, ada, etag);
    expect(refused.status).toBe(412);
    const current = refused.headers.get('etag')!;
    expect(current).toMatch(/^"1-/);
    expect(current).not.toBe(etag);
    expect((await patch(id, { title: 'b' }, ada, current)).status).toBe(200);
  });

  it.each(['"2-x"', '"0-x"', 'W/"1-x"', '"x"', 'garbage', '""'])('refuses %s with 412', async (ifMatch) => {
    const { id } = await written(inkwell, ada);
    for (const response of [
      await patch(id, { title: 'b' }, ada, ifMatch),
      await remove(id, ada, { 'if-match': ifMatch }),
      await api(inkwell).put(pathOf(id), newPost(), ada.token, { 'if-match': ifMatch }),
    ]) {
      expect(response).toMatchObject({ status: 412, body: { code: 'post.version_mismatch' } });
    }
    expect((await stored(id))?.version).toBe(1);
  });

  it('lets one of ten editors win who have seen the same version', async () => {
    const { id } = await written(inkwell, ada);
    const etag = await etagOf(id);
    const changes = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        patch(id, { title: `Edition ${i}` }, i % 2 === 0 ? ada : root, etag),
      ),
    );
    const winners = changes.filter(({ status }) => status === 200);
    expect(winners).toHaveLength(1);
    expect(changes.filter(({ status }) => status === 412)).toHaveLength(9);
    expect(await stored(id)).toMatchObject({ version: 2, title: winners[0]?.body.title });
  });

  it('loses no change of ten editors without it', async () => {
    const { id } = await written(inkwell, ada);
    const changes = await Promise.all(
      Array.from({ length: 10 }, (_, i) => patch(id, { title: `Edition ${i}` })),
    );
    expect(changes.every(({ status }) => status === 200)).toBe(true);
    expect((await stored(id))?.version).toBe(11);
  });
});
