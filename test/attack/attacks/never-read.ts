import { setTimeout as sleep } from 'node:timers/promises';
import type { Attack } from '../attack.js';
import type { Target } from '../target.js';

const CONNECTIONS = 100;
/** Fewer than the limit of pipelined requests. Their answers are larger than the kernel's buffers. */
const REQUESTS = 8;
const CHARACTERS = 200_000;
/** A little longer than the time in which an answer must be read. */
const CUT_WITHIN_MS = 42_000;

/** @returns the id of a post, whose answer contains its text as Markdown and as HTML */
async function longPost(target: Target): Promise<number> {
  const body = JSON.stringify({ title: 'Long', content: 'a '.repeat(CHARACTERS / 2) });
  const authorization = `Bearer ${target.accounts[0]!.token}`;
  const headers = { 'content-type': 'application/json', authorization };
  const written = await target.send({ method: 'POST', path: '/blog/api/posts', headers, body });
  return (JSON.parse(written.body) as { id: number }).id;
}

/** Sends requests, but never reads an answer. */
export const attack: Attack = {
  name: 'never-read',
  seconds: 45,
  run: async (target) => {
    const id = await longPost(target);
    let open = 0;
    const request = `GET /blog/api/posts/${id} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(REQUESTS);
    for (let i = 0; i < CONNECTIONS; i += 1) {
      const socket = target.connect(`127.0.68.${1 + (i % 10)}`);
      socket.once('connect', () => (open += 1));
      socket.once('close', () => (open -= 1));
      // A socket that is not read only notices its end when it writes.
      socket.pause();
      socket.write(request);
      const knock = setInterval(() => socket.write(' '), 1_000);
      socket.once('close', () => clearInterval(knock));
    }
    await sleep(1_000);
    const atFirst = open;
    const deadline = performance.now() + CUT_WITHIN_MS;
    while (open > 0 && performance.now() < deadline && !target.signal.aborted) await sleep(200);
    const probe = await target.send({ path: '/livez', from: '127.0.0.1' });
    return {
      summary: `${CONNECTIONS} connections that never read: ${atFirst} were open, ${open} at the end; /livez ${probe.status}`,
      failures: [
        ...(open > 0 ? [`${open} connections were never cut`] : []),
        ...(probe.status === 200 ? [] : [`/livez gives ${probe.status}`]),
      ],
    };
  },
};
