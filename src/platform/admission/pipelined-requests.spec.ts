import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Counter } from '../metrics/instruments.js';
import { PipelinedRequests } from './pipelined-requests.js';

const REQUEST = 'GET /x HTTP/1.1\r\nHost: x\r\n\r\n';

let server: Server;
let cuts: Counter;
let parsed: number;
let answered: number;
/** How long each request keeps the event loop busy. */
let workMs: number;
let isHeld: boolean;
const sockets: Socket[] = [];

beforeEach(async () => {
  cuts = new Counter({ name: 'cuts', help: 'cuts', labelNames: ['reason'], registers: [] });
  [parsed, answered, workMs, isHeld] = [0, 0, 0, false];
  const pipelined = new PipelinedRequests(cuts);
  server = createServer((request, response) => {
    parsed += 1;
    const answer = (): void => {
      const until = performance.now() + workMs;
      while (performance.now() < until);
      answered += 1;
      if (isHeld) return;
      response.end(String(answered));
    };
    if (response.socket === null) pipelined.wait(request, response, answer);
    else answer();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
});

function send(requests: number): Socket {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined);
  sockets.push(socket);
  socket.write(REQUEST.repeat(requests));
  return socket;
}

async function bodiesOf(socket: Socket, count: number): Promise<number[]> {
  let text = '';
  while ((text.match(/HTTP\/1\.1 /g)?.length ?? 0) < count || !/\r\n\r\n\d+$/.test(text)) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    text += chunk.toString();
  }
  return [...text.matchAll(/\r\n\r\n(\d+)/g)].map(([, body]) => Number(body));
}

describe('PipelinedRequests', () => {
  it('are answered in their order', async () => {
    const bodies = await bodiesOf(send(60), 60);
    expect(bodies).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    expect(await bodiesOf(send(60), 60)).toHaveLength(60);
  });

  it('let the event loop look after others in between', async () => {
    workMs = 4;
    const all = bodiesOf(send(60), 60);
    while (answered === 0) await new Promise(setImmediate);
    let turns = 0;
    for (; answered < 60; turns += 1) await new Promise(setImmediate);
    expect(turns).toBeGreaterThan(5);
    await all;
  });

  it('cut a connection that sends more than 64 more, and nothing else of it is parsed', async () => {
    const socket = send(1_500).resume();
    await once(socket, 'close');
    expect(parsed).toBeLessThan(70);
    expect((await cuts.get()).values).toMatchObject([{ labels: { reason: 'pipelined' }, value: 1 }]);
  });

  it('are 4,000 at most until they are answered, of all connections', async () => {
    isHeld = true;
    let closed = 0;
    for (let i = 0; i < 100; i += 1)
      send(60)
        .resume()
        .on('close', () => (closed += 1));
    // Each of the 67 connections has 59 queued, besides its first.
    while (closed < 33) await new Promise(setImmediate);
    expect((await cuts.get()).values).toMatchObject([{ value: closed }]);
  });

  it('are 500 at most until something is done for them', async () => {
    workMs = 3;
    let closed = 0;
    for (let i = 0; i < 60; i += 1)
      send(60)
        .resume()
        .on('close', () => (closed += 1));
    while (closed === 0) await new Promise(setImmediate);
    expect(parsed - answered).toBeLessThanOrEqual(600);
  });
});
