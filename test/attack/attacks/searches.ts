import type { Attack } from '../attack.js';
import { othersDuring, repeatedly, timesOf } from '../others.js';
import { type Answer, tallyOf, type Target } from '../target.js';

const CONNECTIONS = 60;
const WAVE_SECONDS = 8;
const MISS_EVERY_MS = 50;
/** Each took 2 s. */
const MISS_LIMIT_MS = 500;

/** Half of all posts contain each word, and none contains both, so PostgreSQL examines every post. */
const FIRST = ['ev', 'eve', 'even'];
const SECOND = ['od', 'odd'];

/** No two are alike, so no cache has the answer. */
function search(n: number): string {
  const words = `${FIRST[n % 3]}+${SECOND[n % 2]}`;
  return n % 10 === 9
    ? `/blog/api/posts?offset=${1_001 + (n % 8_999)}&limit=${1 + (n % 97)}`
    : `/blog/api/posts?q=${words}&limit=${1 + (n % 100)}&offset=${Math.floor(n / 100)}`;
}

const isMiss = (head: string): boolean => head.includes('fwd=miss');

/** 60 connections with searches and deep pages, both from one address and each from its own. */
export const attack: Attack = {
  name: 'searches',
  seconds: 2 * WAVE_SECONDS + 10,
  run: async (target: Target) => {
    const results: string[] = [];
    const failures: string[] = [];
    let searches = 0;
    // Readers read the first post.
    let post = 2;
    for (const [wave, from] of WAVES) {
      const signal = AbortSignal.any([target.signal, AbortSignal.timeout(WAVE_SECONDS * 1000)]);
      const answers: Answer[] = [];
      const attacking = repeatedly({ atOnce: CONNECTIONS, signal }, async (n) => {
        answers.push(await target.send({ path: search(searches++), from: from(n) }));
      });
      const misses = await othersDuring(attacking, MISS_EVERY_MS, () =>
        target.send({ path: `/blog/api/posts/${post++}`, from: '127.0.74.1' }),
      );
      const { text, worstMs } = timesOf(misses);
      results.push(`${wave}: searches ${tallyOf(answers)}; others' misses ${tallyOf(misses)}, ${text}`);
      const wrong = misses.filter(({ status, head }) => status !== 200 || !isMiss(head));
      if (wrong.length > 0) failures.push(`${wave}: misses of others got ${tallyOf(wrong)}`);
      if (worstMs > MISS_LIMIT_MS)
        failures.push(`${wave}: a miss of somebody else took ${worstMs.toFixed(0)} ms`);
    }
    return { summary: results.join('; '), failures };
  },
};

const WAVES: readonly [string, (n: number) => string][] = [
  ['from one address', () => '127.0.73.1'],
  ['from 60 addresses', (n) => `127.0.73.${2 + (n % CONNECTIONS)}`],
];
