import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ChangeFeed } from '../../src/platform/outbox/change-feed.js';
import { type Account, registerAndLogin } from '../support/accounts.js';
import { query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { newPost, POSTS, write } from '../blog/posts.js';

let inkwell: Inkwell;
let ada: Account;
beforeAll(async () => {
  inkwell = await startInkwell({ LOG_LEVEL: 'fatal' });
  ada = await registerAndLogin(inkwell, 'ada');
});
afterAll(() => inkwell.close());

const countPosts = async (title: unknown) =>
  (await query(inkwell, 'SELECT FROM posts WHERE title = $1', [title])).length;

describe('a listener that fails after the COMMIT', () => {
  it.each(['40P01', '40001'])(
    'does not run the work again, whatever its error is called (%s)',
    async (code) => {
      let failures = 0;
      inkwell
        .appOf(POSTS)
        .get(ChangeFeed)
        .subscribe(({ event }) => {
          if (event !== 'post.published' || failures > 2) return undefined;
          failures += 1;
          return failures > 2
            ? undefined
            : Promise.reject(Object.assign(new Error('deadlock detected'), { code }));
        });
      const post = newPost();
      const { status } = await write(inkwell, ada, post);
      expect(await countPosts(post['title'])).toBe(1);
      // The post exists, and every lease from before it has run out.
      expect(status).toBe(201);
      expect(failures).toBeGreaterThan(0);
    },
  );
});
