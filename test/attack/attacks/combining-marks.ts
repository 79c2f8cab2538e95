import type { Attack } from '../attack.js';
import { type Answer, tallyOf } from '../target.js';
import { repeatedly } from '../others.js';

const AT_ONCE = 4;
/** Marks of two classes in the wrong order, each time, so that normalising them must sort them. */
const marks = (length: number): string => `a${'\u0300\u0323'.repeat(length / 2)}`.slice(0, length);
const MANY = marks(200_001);
/** The most that fits into the head of a request, at six bytes each, and into bodies of 4 KB and 32 KB. */
const IN_A_HEAD = encodeURIComponent(marks(2_400));
const IN_4_KB = marks(1_800);
const IN_32_KB = marks(15_000);

interface Case {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

const post = (changes: Record<string, unknown>): Case => ({
  method: 'POST',
  path: '/blog/api/posts',
  body: { title: 'Marks', content: 'Marks', ...changes },
});
const CASES: readonly Case[] = [
  post({ title: MANY }),
  post({ category_name: MANY }),
  post({ tags: [MANY] }),
  post({ content: marks(200_000) }),
  { method: 'PATCH', path: '/api/users/author-1', body: { display_name: IN_32_KB } },
  { method: 'PATCH', path: '/api/users/author-1', body: { bio: IN_32_KB } },
  { method: 'POST', path: '/api/login', body: { username: 'author-1', password: IN_4_KB } },
  { method: 'POST', path: '/api/register', body: { username: 'new', email: 'a@b.org', password: IN_4_KB } },
  ...['q', 'tag', 'author', 'category'].map((name) => ({
    method: 'GET',
    path: `/blog/api/posts?${name}=${IN_A_HEAD}`,
  })),
];

/** Texts that take quadratic time to normalise. */
export const attack: Attack = {
  name: 'combining-marks',
  seconds: 30,
  run: async (target) => {
    const { token } = target.accounts[0]!;
    const answers = await repeatedly(
      { atOnce: AT_ONCE, times: 3 * CASES.length, signal: target.signal },
      (n): Promise<Answer> => {
        const { method, path, body } = CASES[n % CASES.length]!;
        const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
        return target.send({
          method,
          path,
          ...(body === undefined ? {} : { headers, body: JSON.stringify(body) }),
        });
      },
    );
    const broken = answers.filter(({ status }) => status === 0 || status >= 500);
    return {
      summary: `${answers.length} texts of up to 200,001 marks: ${tallyOf(answers)}`,
      failures: broken.length === 0 ? [] : [`${broken.length} got no answer, or 5xx`],
    };
  },
};
