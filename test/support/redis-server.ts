import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const HOW_TO_GET_IT =
  'The tests need Redis: set REDIS_URL, or put redis-server or valkey-server on PATH (Debian: apt-get install redis-server)';

const isOnPath = (name: string): boolean => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0;
const binaryOnPath = (): string | undefined => ['redis-server', 'valkey-server'].find(isOnPath);

export const isRedisAvailable = (): boolean => binaryOnPath() !== undefined;

/** Where that is possible; who calls it says what is missing where it is not. */
export function installFromDebian(packageName: string): void {
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) return;
  const options = { stdio: 'ignore' as const, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  spawnSync('apt-get', ['update'], options);
  // Its service must not start: the tests run servers of their own.
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', packageName], {
    ...options,
    env: { ...options.env, RUNLEVEL: '1' },
  });
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
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
  /** Kills it: what it held is gone. */
  readonly stop: () => void;
}

/** The Redis of REDIS_URL, or one of our own. */
export const provideRedis = async (): Promise<TestRedis> => {
  const given = process.env['REDIS_URL'];
  return given ? { url: given.replace(/\/\d*$/, ''), stop: () => undefined } : startRedis();
};

/** A Redis of our own. @param port a free one unless said */
export async function startRedis(port?: number): Promise<TestRedis> {
  if (binaryOnPath() === undefined) installFromDebian('redis-server');
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
