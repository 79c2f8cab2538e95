// Imports nothing of ours: jest.config.js loads it uncompiled.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const HOW_TO_GET_IT =
  'There is no Redis: put redis-server or valkey-server on PATH (Debian: apt-get install redis-server)';

/** @param name of a program that knows --version */
export const isOnPath = (name: string): boolean =>
  spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0;
const binaryOnPath = (): string | undefined => ['redis-server', 'valkey-server'].find(isOnPath);

export const isRedisAvailable = (): boolean => binaryOnPath() !== undefined;

/** A program that tests can start, only the address of a server, or neither. */
export function redisAtHand(): 'program' | 'address' | 'none' {
  if (isRedisAvailable()) return 'program';
  return process.env['REDIS_URL'] ? 'address' : 'none';
}

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

export interface TestRedis {
  readonly url: string;
  /** Kills it, which loses its data. */
  readonly stop: () => void;
}

/** The Redis of REDIS_URL, or one started here. Undefined if neither is available. */
export async function provideRedis(): Promise<TestRedis | undefined> {
  const given = process.env['REDIS_URL'];
  if (given) return { url: given.replace(/\/\d*$/, ''), stop: () => undefined };
  return isRedisAvailable() ? startRedis() : undefined;
}

/** Starts a Redis. @param port a free one by default */
export async function startRedis(port?: number): Promise<TestRedis> {
  const binary = binaryOnPath();
  if (binary === undefined) throw new Error(HOW_TO_GET_IT);
  const folder = mkdtempSync(join(tmpdir(), 'inkwell-redis-'));
  const listening = port ?? (await freePort());
  const flags = [
    '--port',
    String(listening),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    folder,
  ];
  const server = spawn(binary, flags, { stdio: 'ignore' });
  const deadline = Date.now() + 10_000;
  while (!(await answers(listening))) {
    if (server.exitCode !== null || Date.now() > deadline)
      throw new Error(`${binary} did not start on port ${listening}`);
    await sleep(20);
  }
  const stop = (): void => {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: `redis://127.0.0.1:${listening}`, stop };
}
