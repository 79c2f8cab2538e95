import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

interface Answered {
  readonly headers: Headers | IncomingHttpHeaders;
}

const WITHIN_MS = 20_000;

export const cacheStatusOf = ({ headers }: Answered): string =>
  String(headers instanceof Headers ? headers.get('cache-status') : headers['cache-status']);

/**
 * Asks until `count` answers one after the other are hits in memory. Nothing is one without a lease, which a process does
 * not have yet after a fault of PostgreSQL, and which a busy machine can take for a moment.
 * @returns the last answer
 */
export async function untilHits<Answer extends Answered>(
  ask: () => Promise<Answer>,
  count = 1,
): Promise<Answer> {
  const deadline = Date.now() + WITHIN_MS;
  for (let hits = 0; ;) {
    const answer = await ask();
    hits = cacheStatusOf(answer) === 'inkwell; hit' ? hits + 1 : 0;
    if (hits === count) return answer;
    if (Date.now() > deadline) throw new Error(`No ${count} hits within 20 s: ${cacheStatusOf(answer)}`);
    if (hits === 0) await sleep(20);
  }
}
