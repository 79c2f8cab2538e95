import type { Attack } from '../attack.js';
import { repeatedly } from '../others.js';
import { type Answer, tallyOf, type Target } from '../target.js';

const LENGTH = 200_000;
/** Each author has one text rendered at a time. */
const AUTHORS = 4;
const filled = (unit: string): string => unit.repeat(Math.floor(LENGTH / unit.length));
const part = (unit: string, length: number): string => filled(unit).slice(0, length);

/** Each takes between half a second and two seconds to render. The last exceeds the memory limit. */
const TEXTS = [
  filled('|-\n'),
  filled('<b></i>'),
  `${part('|a', 25_000)}\n${part('|-', 25_000)}\n${part('x\n', 100_000)}`,
  filled('> a\n'),
  filled('> '),
  filled('- a\n'),
  filled('**a*'),
  filled('!['),
  `[a]: /${'x'.repeat(50_000)}\n\n${'[a]'.repeat(49_000)}`,
];

/** Writes the text as a post or draft, reads the result, and repeats. */
async function write(target: Target, n: number): Promise<Answer[]> {
  const content = TEXTS[n % TEXTS.length]!;
  const { token } = target.accounts[n % AUTHORS]!;
  const authorization = `Bearer ${token}`;
  const sent = { headers: { 'content-type': 'application/json', authorization } };
  const status = n % 2 === 0 ? 'published' : 'draft';
  const body = JSON.stringify({ title: `Slow ${n}`, content, status });
  const written = await target.send({ method: 'POST', path: '/blog/api/posts', ...sent, body });
  if (written.status !== 201) return [written];
  const { id, slug } = JSON.parse(written.body) as { id: number; slug: string };
  const path = `/blog/api/posts/${id}`;
  const seen = [
    await target.send({
      path,
      headers: status === 'draft' ? { authorization } : { 'accept-encoding': 'br' },
    }),
    await target.send({ path: `/blog/posts/${slug}`, headers: { 'accept-encoding': 'gzip' } }),
  ];
  const again = JSON.stringify({ content: content.slice(0, -1) });
  return [written, ...seen, await target.send({ method: 'PATCH', path, ...sent, body: again })];
}

/** Markdown that is made to be slow. The time of a hit meanwhile shows how long the event loop was blocked. */
export const attack: Attack = {
  name: 'slow-markdown',
  seconds: 60,
  worstHitMs: 50,
  run: async (target) => {
    const limits = { atOnce: AUTHORS, times: 2 * TEXTS.length, signal: target.signal };
    const answers = (await repeatedly(limits, (n) => write(target, n))).flat();
    const broken = answers.filter(({ status }) => status === 0 || (status >= 500 && status !== 503));
    const longest = Math.max(...answers.map(({ ms }) => ms)) / 1000;
    return {
      summary: `${answers.length} requests for texts of ${LENGTH} characters: ${tallyOf(answers)}; the longest took ${longest.toFixed(1)} s`,
      failures: broken.length === 0 ? [] : [`${broken.length} got no answer, or 5xx: ${tallyOf(broken)}`],
    };
  },
};
