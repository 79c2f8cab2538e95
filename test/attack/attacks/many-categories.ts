import type { Attack } from '../attack.js';
import { repeatedly } from '../others.js';
import { tallyOf } from '../target.js';

const POSTS = 1_500;
const AT_ONCE = 8;
/** The front page was 420 KB. A page of the list of all categories has 500 of them. */
const MOST_BYTES = { '/blog/': 60_000, '/blog/api/posts': 60_000, '/blog/categories': 100_000 };

/** Posts by 40 authors, each in a category of its own. Pages show them, and each post changes the pages. */
export const attack: Attack = {
  name: 'many-categories',
  seconds: 60,
  run: async (target) => {
    const { accounts, signal } = target;
    const answers = await repeatedly({ atOnce: AT_ONCE, times: POSTS, signal }, (n) =>
      target.send({
        method: 'POST',
        path: '/blog/api/posts',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${accounts[n % accounts.length]!.token}`,
        },
        body: JSON.stringify({ title: `In a category ${n}`, content: 'A', category_name: `Category ${n}` }),
      }),
    );
    const pages = await Promise.all(
      Object.entries(MOST_BYTES).map(async ([path, mostBytes]) => ({
        path,
        mostBytes,
        ...(await target.send({ path, from: '127.0.0.1' })),
      })),
    );
    const bytes = pages.map(({ path, body }) => `${path} ${(body.length / 1000).toFixed(0)} KB`);
    const broken = answers.filter(({ status }) => status !== 201 && status !== 429);
    const large = pages.filter(({ status, body, mostBytes }) => status !== 200 || body.length > mostBytes);
    return {
      summary: `${answers.length} posts with a category each: ${tallyOf(answers)}; ${bytes.join(', ')}`,
      failures: [
        ...(answers.length < POSTS ? [`only ${answers.length} of ${POSTS} were answered in time`] : []),
        ...(broken.length > 0 ? [`some got ${tallyOf(broken)}`] : []),
        ...large.map(({ path, status, body }) => `${path} gives ${status} of ${body.length} bytes`),
      ],
    };
  },
};
