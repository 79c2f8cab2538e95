import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { untilReachable } from './until-reachable.js';

/** A server that refuses every session with the current code. */
let server: Server;
let url: string;
let code: string;

/** PostgreSQL's ErrorResponse (documentation, "Message Formats"). */
function errorResponse(sqlState: string): Buffer {
  const fields = Buffer.from(`SFATAL\0C${sqlState}\0Mrefused with ${sqlState}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

beforeEach(async () => {
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(errorResponse(code)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `postgres://ada:secret@127.0.0.1:${(server.address() as AddressInfo).port}/blog`;
});
afterEach(() => void server.close());

describe('untilReachable', () => {
  it.each([
    ['a wrong password', '28P01'],
    ['a database that does not exist', '3D000'],
    ['too many connections', '53300'],
  ])('does not wait on %s', async (_, state) => {
    code = state;
    const lines: string[] = [];
    const waiting = { deadlineMs: 60_000, say: (line: string) => lines.push(line) };
    await expect(untilReachable(url, waiting)).rejects.toThrow(
      new RegExp(`^Inkwell cannot start: PostgreSQL at 127.0.0.1:\\d+ \\(DATABASE_URL\\): .*${state}`),
    );
    expect(lines).toEqual([]);
  });

  it('waits for a server that is starting, and says so', async () => {
    code = '57P03';
    const lines: string[] = [];
    const say = (line: string): void => {
      lines.push(line);
      // A reason that waiting does not solve.
      code = '28P01';
    };
    await expect(untilReachable(url, { deadlineMs: 60_000, say })).rejects.toThrow('28P01');
    expect(lines).toEqual([
      expect.stringMatching(/^Waiting for PostgreSQL at 127.0.0.1:\d+, for 60 s at most: .*57P03/),
    ]);
    expect(lines.join()).not.toContain('secret');
  });

  it.each([
    ['a port that nobody listens at', 'postgres://ada@127.0.0.1:1/blog'],
    ['a name that is not known', 'postgres://ada@database.invalid/blog'],
  ])('waits for %s, and gives up at the deadline', async (_, nobody) => {
    const lines: string[] = [];
    const waiting = { deadlineMs: 250, say: (line: string) => lines.push(line) };
    await expect(untilReachable(nobody, waiting)).rejects.toThrow(/^Inkwell cannot start: PostgreSQL at/);
    expect(lines.length).toBeGreaterThan(0);
  });
});
