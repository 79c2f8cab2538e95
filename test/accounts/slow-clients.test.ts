import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

let inkwell: Inkwell;
beforeAll(async () => {
  inkwell = await startInkwell();
});
afterAll(() => inkwell.close());

interface Cut {
  readonly answer: string;
  readonly afterMs: number;
}

/** Sends `head`, then a byte every half second, until the server disconnects. */
const drip = (head: string): Promise<Cut> =>
  new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const socket = connect(Number(new URL(inkwell.urlOf('/api/login')).port), '127.0.0.1', () =>
      socket.write(head),
    );
    const dripping = setInterval(() => socket.write('x'), 500);
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('end', () => clearInterval(dripping));
    socket.on('error', reject);
    socket.on('close', () => {
      clearInterval(dripping);
      resolve({ answer, afterMs: performance.now() - startedAt });
    });
  });

describe('a client that sends a byte now and then', () => {
  it('is answered 408 within 17 seconds, in the headers and in the body, while others are served', async () => {
    const slow = Promise.all([
      drip('POST /api/login HTTP/1.1\r\nHost: x\r\nX-Slow: '),
      drip(
        'POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
      ),
    ]);
    expect((await fetch(`${inkwell.url}/api/users/nobody`)).status).toBe(404);
    for (const { answer, afterMs } of await slow) {
      expect(answer).toMatch(/^HTTP\/1\.1 408 /);
      expect(answer).toContain('"code":"request.timeout"');
      expect(afterMs).toBeLessThan(17_000);
    }
  });
});
