import type { Attack } from '../attack.js';
import { pause } from '../others.js';

const CONNECTIONS = 100;
/** The limit per connection before the first answer. */
const REQUESTS = 60;
const REQUEST = 'GET /blog/api/posts?limit=100 HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(REQUESTS);
const MS = 6_000;

/**
 * Sends the most requests at once that the connections allow, all of them hits in memory, and repeats when they are
 * answered.
 */
export const attack: Attack = {
  name: 'pipelined-hits',
  seconds: MS / 1000 + 5,
  run: async (target) => {
    const signal = AbortSignal.any([target.signal, AbortSignal.timeout(MS)]);
    let answered = 0;
    let cut = 0;
    for (let i = 0; i < CONNECTIONS; i += 1) {
      const send = (): void => {
        if (signal.aborted) return;
        const socket = target.connect(`127.0.65.${1 + (i % 10)}`);
        let left = REQUESTS;
        socket.on('data', (chunk: Buffer) => {
          const heads = chunk.toString('latin1').match(/HTTP\/1\.1 \d{3} /g)?.length ?? 0;
          [answered, left] = [answered + heads, left - heads];
          if (left <= 0) [left] = [REQUESTS, socket.write(REQUEST)];
        });
        socket.once('close', () => {
          cut += 1;
          // Not all at once, because this is not a test of the kernel's cost per connection.
          setTimeout(send, 500);
        });
        socket.write(REQUEST);
      };
      send();
    }
    await pause(MS, signal);
    return {
      summary: `${CONNECTIONS} connections × ${REQUESTS} pipelined hits: ${answered} answered, ${cut} connections cut`,
    };
  },
};
