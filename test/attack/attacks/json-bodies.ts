import type { Attack } from '../attack.js';
import { type Answer, tallyOf } from '../target.js';

const MIB = 1024 * 1024;
const AT_ONCE = 3;
const zeros = (bytes: number): string => `[${'0,'.repeat(bytes / 2 - 2)}0]`;
const nested = (bytes: number): string => `${'['.repeat(bytes / 2)}${']'.repeat(bytes / 2)}`;
const members = (bytes: number): string =>
  `{${Array.from({ length: bytes / 12 }, (_, i) => `"k${i.toString(36)}":0`).join(',')}}`;

/** Bodies that are small to send and expensive to parse. */
const BODIES = [zeros(3 * MIB - 64), zeros(300_000), nested(MIB), members(2 * MIB)];
const PATHS = ['/api/login', '/api/register', '/api/refresh', '/blog/api/posts'];

/** Large JSON to every route with a body, with and without credentials. */
export const attack: Attack = {
  name: 'json-bodies',
  seconds: 25,
  run: async (target) => {
    const answers: Answer[] = [];
    const cases = BODIES.flatMap((body) => PATHS.map((path) => ({ body, path })));
    const tokens = [undefined, target.accounts[0]!.token];
    for (const token of tokens) {
      for (const { body, path } of cases) {
        if (target.signal.aborted) break;
        const headers = {
          'content-type': 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        };
        const sent = { method: 'POST', path, headers, body };
        answers.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => target.send(sent)))));
      }
    }
    const accepted = answers.filter(({ status }) => status >= 200 && status < 300).length;
    // 503 is the answer to large bodies that arrive while others are read.
    const broken = answers.filter(({ status }) => status >= 500 && status !== 503).length;
    return {
      summary: `${answers.length} bodies of up to 3 MiB: ${tallyOf(answers)}`,
      failures: [
        ...(accepted > 0 ? [`${accepted} were accepted`] : []),
        ...(broken > 0 ? [`${broken} were answered with 5xx other than 503`] : []),
      ],
    };
  },
};
