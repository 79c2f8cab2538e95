import { Controller, Get, Module } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ConnectionLimits } from '../../src/platform/admission/connection-limits.js';
import { RequestAdmission } from '../../src/platform/admission/request-admission.js';
import { type Inkwell, LONG_LEASE, startInkwell } from '../support/start-inkwell.js';

/** Requests that wait for the test. */
@Controller('held')
class HeldController {
  static inFlight = 0;
  static most = 0;
  static release = Promise.withResolvers<void>();

  @Get()
  async wait(): Promise<string> {
    HeldController.inFlight += 1;
    HeldController.most = Math.max(HeldController.most, HeldController.inFlight);
    await HeldController.release.promise;
    HeldController.inFlight -= 1;
    return 'released';
  }
}

@Module({ controllers: [HeldController] })
class HeldModule {}

const GET_HELD = 'GET /held HTTP/1.1\r\nHost: x\r\n\r\n';

let inkwell: Inkwell;
const sockets: Socket[] = [];
afterEach(async () => {
  HeldController.release.resolve();
  for (const socket of sockets.splice(0)) socket.destroy();
  await inkwell.close();
  Object.assign(HeldController, { inFlight: 0, most: 0, release: Promise.withResolvers<void>() });
});

const start = async (environment: Record<string, string> = {}): Promise<void> => {
  inkwell = await startInkwell(environment, { modules: [HeldModule] });
};

function open(from = '127.0.0.1'): Socket {
  const port = Number(new URL(inkwell.urlOf('/held')).port);
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  socket.on('error', () => undefined);
  sockets.push(socket);
  return socket;
}

/** Waits until `pattern` has occurred `count` times, or until it was closed. @returns the received text */
async function received(socket: Socket, pattern: RegExp, count: number): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  const isOver = (): boolean => (text.match(pattern)?.length ?? 0) >= count || socket.destroyed;
  while (!isOver()) {
    await new Promise((resolve) => {
      socket.once('data', resolve);
      socket.once('close', resolve);
    });
  }
  return text;
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
};
const statusOf = async (path: string): Promise<number> =>
  (await fetch(inkwell.urlOf(path) + path, { headers: { connection: 'close' } })).status;
const wasCut = async (socket: Socket): Promise<boolean> => {
  socket.resume();
  // A connection that is reset closes with an error.
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  return true;
};

describe('requests sent before earlier ones were answered', () => {
  it('are answered in order, eight of a connection at a time', async () => {
    await start();
    const socket = open();
    socket.write(GET_HELD.repeat(40));
    await until(() => HeldController.inFlight === 8);
    HeldController.release.resolve();
    const text = await received(socket, /released/g, 40);
    expect(text.match(/HTTP\/1\.1 200 /g)).toHaveLength(40);
    expect(HeldController.most).toBe(8);
  });

  it('cut their connection when they are more than 64', async () => {
    await start();
    const socket = open();
    socket.write(GET_HELD.repeat(1_000));
    expect(await wasCut(socket)).toBe(true);
    await until(() => inkwell.appOf('/held').get(RequestAdmission).inFlight === 0);
    expect(await statusOf('/livez')).toBe(200);
  });
});

describe('two thousand requests that are being answered', () => {
  it('leave room for probes and for hits, and others get 503 with Retry-After', async () => {
    await start(LONG_LEASE);
    const path = '/blog/api/categories';
    await statusOf(path);
    await statusOf(path);
    for (let i = 0; i < 250; i += 1) open().write(GET_HELD.repeat(8));
    await until(() => HeldController.inFlight === 2_000);
    const refused = await fetch(`${inkwell.urlOf('/held')}/held`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await refused.json()).toMatchObject({ code: 'service.unavailable' });
    expect(await statusOf('/livez')).toBe(200);
    expect((await fetch(inkwell.urlOf(path) + path)).headers.get('cache-status')).toBe('inkwell; hit');
  });
});

describe('connections', () => {
  it('of one address are limited, and those of others are not by them', async () => {
    await start({ MAX_CONNECTIONS_PER_ADDRESS: '4' });
    const held = Array.from({ length: 4 }, () => open('127.0.0.9'));
    await Promise.all(held.map((socket) => once(socket, 'connect')));
    expect(await wasCut(open('127.0.0.9'))).toBe(true);
    expect(await statusOf('/livez')).toBe(200);
    held[0]!.destroy();
    await until(() => inkwell.appOf('/held').get(ConnectionLimits).open === 3);
    const again = open('127.0.0.9');
    await once(again, 'connect');
    again.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(await received(again, /HTTP\/1\.1 200 /g, 1)).toContain('HTTP/1.1 200 ');
  });

  it('of a trusted proxy are not limited by its address', async () => {
    await start({ MAX_CONNECTIONS_PER_ADDRESS: '2', TRUSTED_PROXIES: '127.0.0.0/8' });
    const held = Array.from({ length: 6 }, () => open('127.0.0.9'));
    for (const socket of held) socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
    for (const socket of held) expect(await received(socket, /HTTP\/1\.1 200 /g, 1)).toContain(' 200 ');
  });

  it('are limited in all, with a reserve for a moment each', async () => {
    await start({ MAX_CONNECTIONS: '16' });
    const held = Array.from({ length: 16 }, (_, i) => open(`127.0.1.${i + 1}`));
    for (const socket of held) {
      socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
      await received(socket, /HTTP\/1\.1 200 /g, 1);
    }
    const probe = open('127.0.0.9');
    probe.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(await received(probe, /HTTP\/1\.1 200 /g, 1)).toContain(' 200 ');
    expect(await wasCut(probe)).toBe(true);
    expect(held.every((socket) => !socket.destroyed)).toBe(true);
  });
});
