import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Counter } from '../metrics/instruments.js';
import { UnreadAnswers } from './unread-answers.js';

/** Larger than the kernel's buffers. */
const BODY = Buffer.alloc(32 * 1024 * 1024);

let server: Server;
let socket: Socket;
afterEach(() => {
  socket.destroy();
  server.close();
});

async function ask(): Promise<{
  readonly watch: UnreadAnswers;
  readonly served: Socket;
  readonly cuts: Counter;
}> {
  const cuts = new Counter({ name: 'cuts', help: 'cuts', labelNames: ['reason'], registers: [] });
  const watch = new UnreadAnswers(cuts);
  server = createServer((_request, response) => response.end(BODY));
  watch.watch(server);
  const connected = once(server, 'connection') as Promise<[Socket]>;
  const requested = once(server, 'request');
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  socket = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await requested;
  const [served] = await connected;
  watch.onApplicationShutdown();
  return { watch, served, cuts };
}

/** Waits until the kernel takes no more. */
async function untilNothingMoves(served: Socket): Promise<void> {
  const queued = (): unknown =>
    (served as unknown as { _handle?: { writeQueueSize: number } })._handle?.writeQueueSize;
  for (let before: unknown; before !== queued();) {
    before = queued();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('UnreadAnswers', () => {
  it('cuts a connection of whose answer nothing was read for 30 seconds', async () => {
    const { watch, served, cuts } = await ask();
    await untilNothingMoves(served);
    watch.look(1_000);
    watch.look(30_000);
    expect(served.destroyed).toBe(false);
    watch.look(31_000);
    expect(served.destroyed).toBe(true);
    expect((await cuts.get()).values).toMatchObject([{ labels: { reason: 'unread' }, value: 1 }]);
  });

  it('spares one that reads slowly', async () => {
    const { watch, served } = await ask();
    await untilNothingMoves(served);
    watch.look(0);
    socket.resume();
    await once(socket, 'data');
    const queuedOf = served as unknown as { _handle: { writeQueueSize: number } };
    const before = queuedOf._handle.writeQueueSize;
    while (served.writableLength > 0 && queuedOf._handle.writeQueueSize === before)
      await new Promise(setImmediate);
    watch.look(31_000);
    expect(served.destroyed).toBe(false);
  });

  it('is not misled by what such a client sends', async () => {
    const { watch, served } = await ask();
    await untilNothingMoves(served);
    watch.look(0);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await new Promise((resolve) => setTimeout(resolve, 50));
    watch.look(31_000);
    expect(served.destroyed).toBe(true);
  });
});
