import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import type { RunningSpan } from '../resilience/running-time.js';
import { PatientPool } from './pool.js';

const TIMEOUT_MS = 40;
const TIMED_OUT = 'due to connection timeout';

/** PostgreSQL's AuthenticationOk and ReadyForQuery (documentation, "Message Formats"). */
const READY = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);

/** A server that accepts no sessions until the test releases them. */
let server: Server;
let waiting: Socket[];
let isOpen: boolean;
/** The CPU time that the process has had since the request. */
let span: RunningSpan;
let pool: PatientPool;

beforeEach(async () => {
  [waiting, isOpen] = [[], false];
  span = { elapsedMs: TIMEOUT_MS, ranMs: TIMEOUT_MS, isStarved: false };
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => (isOpen ? socket.write(READY) : waiting.push(socket)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connectionString = `postgres://ada@127.0.0.1:${port}/blog`;
  pool = new PatientPool(
    { connectionString, max: 1, connectionTimeoutMillis: TIMEOUT_MS },
    { begin: () => () => span },
  );
  pool.on('error', () => undefined);
});
afterEach(() => {
  for (const socket of waiting) socket.destroy();
  server.close();
});

/** The type of the pool knows only what its overloads have in common. */
const connection = (): Promise<PoolClient> => pool.connect() as Promise<PoolClient>;

const until = async (isTrue: () => boolean): Promise<void> => {
  while (!isTrue()) await sleep(2);
};

describe('PatientPool', () => {
  it('gives up after its time-out when the process ran all the time', async () => {
    const asked = connection();
    await expect(asked).rejects.toThrow(TIMED_OUT);
  });

  it('asks again when the process was kept from running, and gets its connection', async () => {
    const asked = connection();
    await until(() => waiting.length === 1);
    span = { elapsedMs: 5_000, ranMs: 10, isStarved: true };
    await until(() => waiting.length === 2);
    isOpen = true;
    for (const socket of waiting) socket.write(READY);
    const client = await asked;
    expect(waiting.length).toBeGreaterThanOrEqual(2);
    client.release(true);
  });

  it('ends its patience as soon as the process has run for its time-out, in the middle of a further attempt', async () => {
    const asked = connection();
    await until(() => waiting.length === 1);
    span = { elapsedMs: 5_000, ranMs: 10, isStarved: true };
    await until(() => waiting.length === 2);
    const failed = asked.then(
      () => -1,
      () => waiting.length,
    );
    span = { elapsedMs: 5_000, ranMs: TIMEOUT_MS, isStarved: true };
    expect(await failed).toBe(2);
  });

  it('ends its patience, however starved the process is', async () => {
    const asked = connection();
    await until(() => waiting.length === 1);
    span = { elapsedMs: 60_000, ranMs: 10, isStarved: true };
    await expect(asked).rejects.toThrow(TIMED_OUT);
  });

  it('leaves a caller alone whose patience ended while a further attempt waited its turn', async () => {
    isOpen = true;
    const held = await connection();
    span = { elapsedMs: 5_000, ranMs: 10, isStarved: true };
    const asked = connection();
    await sleep(1.5 * TIMEOUT_MS);
    span = { elapsedMs: 5_000, ranMs: TIMEOUT_MS, isStarved: true };
    await expect(asked).rejects.toThrow('timeout exceeded');
    // A later timeout that throws would end the process.
    await sleep(3 * TIMEOUT_MS);
    held.release(true);
  });
});
