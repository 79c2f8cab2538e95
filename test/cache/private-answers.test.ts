import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { PostsService } from '../../src/blog/posts.service.js';
import { type PostDetail, POSTS, written } from '../blog/posts.js';
import { type Account, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { type Inkwell, LONG_LEASE, startInkwell } from '../support/start-inkwell.js';
import { ask } from '../support/wire.js';

let inkwell: Inkwell;
let ada: Account;
let eve: Account;
beforeAll(async () => {
  inkwell = await startInkwell(LONG_LEASE);
  ada = await registerAndLogin(inkwell, 'ada');
  eve = await registerAndLogin(inkwell, 'eve');
});
afterEach(() => void jest.restoreAllMocks());
afterAll(() => inkwell.close());

const get = async (reference: string | number, account?: Account): Promise<number> => {
  const headers: Record<string, string> =
    account === undefined ? {} : { authorization: `Bearer ${account.token}` };
  return (await ask(inkwell, `${POSTS}/${reference}`, headers)).status;
};
const patch = (id: number, changes: object) =>
  api(inkwell).patch<PostDetail>(`${POSTS}/${id}`, changes, ada.token);
const countReads = () => jest.spyOn(PostsService.prototype, 'find');

describe('an answer that must not be shared', () => {
  it('is made once: the draft of its author', async () => {
    const { id } = await written(inkwell, ada, { status: 'draft' });
    const reads = countReads();
    expect(await get(id, ada)).toBe(200);
    expect(reads).toHaveBeenCalledTimes(1);
  });

  it('is made once: a 404 that a draft might hide', async () => {
    const { id } = await written(inkwell, ada, { status: 'draft' });
    const reads = countReads();
    expect(await get(id, eve)).toBe(404);
    expect(reads).toHaveBeenCalledTimes(1);
  });

  it('is made once: the redirect of a former address', async () => {
    const { id, slug } = await written(inkwell, ada);
    await patch(id, { slug: `${slug}-moved` });
    const reads = countReads();
    expect(await get(slug)).toBe(308);
    expect(reads).toHaveBeenCalledTimes(1);
  });

  it('is made once also at an address that the front door has answered', async () => {
    const { id, slug } = await written(inkwell, ada);
    expect([await get(slug), await get(slug)]).toEqual([200, 200]);
    await patch(id, { slug: `${slug}-moved` });
    const reads = countReads();
    expect(await get(slug)).toBe(308);
    expect(reads).toHaveBeenCalledTimes(1);
  });

  it('is not given to another who asks at the same moment', async () => {
    const { id } = await written(inkwell, ada, { status: 'draft' });
    const gate = Promise.withResolvers<void>();
    const find = Object.getOwnPropertyDescriptor(PostsService.prototype, 'find')!
      .value as PostsService['find'];
    const reads = countReads().mockImplementation(async function (this: PostsService, ...asked) {
      const found = await find.apply(this, asked);
      await gate.promise;
      return found;
    });
    const first = get(id, ada);
    while (reads.mock.calls.length === 0) await new Promise(setImmediate);
    const others = [get(id), get(id, eve), get(id, ada)];
    // They share the first load or have started their own. Either way, their requests have arrived.
    await new Promise((resolve) => setTimeout(resolve, 50));
    gate.resolve();
    expect(await first).toBe(200);
    expect(await Promise.all(others)).toEqual([404, 404, 200]);
  });
});
