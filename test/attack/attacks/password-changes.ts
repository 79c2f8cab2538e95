import type { Attack } from '../attack.js';
import { othersDuring, repeatedly, timesOf } from '../others.js';
import { type Answer, tallyOf, type Target } from '../target.js';
import { PASSWORD } from '../world.js';

/** The wait in the hash queue: one hash of about 30 ms for each attacking address, and for the logins before. */
const LOGIN_LIMIT_MS = 2_500;
const EVERY_MS = 100;
const WAVE_SECONDS = 8;

/** Sets the same password again, so that the next wave can do the same. */
const change = (target: Target, n: number, from: string): Promise<Answer> => {
  const { username, token } = target.accounts[n % target.accounts.length]!;
  return target.send({
    method: 'PATCH',
    path: `/api/users/${username}`,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ password: PASSWORD, current_password: PASSWORD }),
    from,
  });
};

/** Each from an address of its own, because this is not a test of limits by address. */
const login = (target: Target, n: number): Promise<Answer> => {
  const { username } = target.others[n % target.others.length]!;
  return target.send({
    method: 'POST',
    path: '/api/login',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: PASSWORD }),
    from: `127.0.72.${1 + n}`,
  });
};

/** 40 accounts change their passwords over and over, both from one address and each from its own. */
export const attack: Attack = {
  name: 'password-changes',
  seconds: 2 * WAVE_SECONDS + 10,
  run: async (target) => {
    const atOnce = target.accounts.length;
    const results: string[] = [];
    const failures: string[] = [];
    let logins = 0;
    for (const [wave, from] of WAVES) {
      const signal = AbortSignal.any([target.signal, AbortSignal.timeout(WAVE_SECONDS * 1000)]);
      const changes: Answer[] = [];
      const attacking = repeatedly({ atOnce, signal }, async (n) => {
        changes.push(await change(target, n, from(n)));
      });
      const others = await othersDuring(attacking, EVERY_MS, () => login(target, logins++));
      const { text, worstMs } = timesOf(others);
      results.push(`${wave}: changes ${tallyOf(changes)}; others' logins ${tallyOf(others)}, ${text}`);
      const refused = others.filter(({ status }) => status !== 200);
      if (refused.length > 0) failures.push(`${wave}: logins of others got ${tallyOf(refused)}`);
      if (worstMs > LOGIN_LIMIT_MS)
        failures.push(`${wave}: a login of somebody else took ${worstMs.toFixed(0)} ms`);
    }
    return { summary: results.join('; '), failures };
  },
};

const WAVES: readonly [string, (n: number) => string][] = [
  ['from one address', () => '127.0.71.1'],
  ['from 40 addresses', (n) => `127.0.71.${2 + (n % 40)}`],
];
