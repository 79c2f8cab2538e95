import { setTimeout as sleep } from 'node:timers/promises';
import type { Attack } from '../attack.js';
import type { Target } from '../target.js';

const CONNECTIONS = 100;
const PER_CONNECTION = 1_500;

/** Writes all requests at once, and reads the answers. @returns answers by status */
async function pipeline(target: Target, connection: number): Promise<Map<string, number>> {
  const requests = Array.from(
    { length: PER_CONNECTION },
    (_, i) => `GET /blog/api/posts?q=w${connection}x${i} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
  );
  // Each from an address of its own, because a limit by address alone must not be the only protection.
  const socket = target.connect(`127.0.67.${connection + 1}`);
  const statuses = new Map<string, number>();
  socket.on('data', (chunk: Buffer) => {
    for (const [, status] of chunk.toString('latin1').matchAll(/HTTP\/1\.1 (\d{3}) /g))
      statuses.set(status!, (statuses.get(status!) ?? 0) + 1);
  });
  socket.write(requests.join(''));
  // The server ends excess connections by a reset.
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await Promise.race([closed, sleep(10_000, undefined, { signal: target.signal }).catch(() => undefined)]);
  socket.destroy();
  await closed;
  return statuses;
}

/** More requests than the server can answer, all sent before the first answer. */
export const attack: Attack = {
  name: 'pipelined-misses',
  seconds: 15,
  run: async (target) => {
    const all = await Promise.all(Array.from({ length: CONNECTIONS }, (_, i) => pipeline(target, i)));
    const counts = new Map<string, number>();
    for (const statuses of all)
      for (const [status, n] of statuses) counts.set(status, (counts.get(status) ?? 0) + n);
    const answered = [...counts].map(([status, n]) => `${status} × ${n}`).join(', ');
    return {
      summary: `${CONNECTIONS} connections × ${PER_CONNECTION} pipelined misses: ${answered || 'no answer'}`,
    };
  },
};
