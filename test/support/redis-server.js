import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const HOW_TO_GET_IT =
  'The tests need Redis: set REDIS_URL, or put redis-server or valkey-server on PATH (Debian: apt-get install redis-server)';

const isOnPath = (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0;
const binaryOnPath = () => ['redis-server', 'valkey-server'].find(isOnPath);

function installFromDebian() {
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) return;
  const options = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  spawnSync('apt-get', ['update'], options);
  // Its service must not start: the tests run a server of their own.
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'redis-server'], {
    ...options,
    env: { ...options.env, RUNLEVEL: '1' },
  });
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

async function answers(port) {
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

/** A Redis of our own on a private port, or the one of REDIS_URL. @returns {{ url: string, stop: () => void }} */
export async function startRedis() {
  if (process.env.REDIS_URL)
    return { url: process.env.REDIS_URL.replace(/\/\d*$/, ''), stop: () => undefined };
  if (binaryOnPath() === undefined) installFromDebian();
  const binary = binaryOnPath();
  if (binary === undefined) throw new Error(HOW_TO_GET_IT);
  const folder = mkdtempSync(join(tmpdir(), 'inkwell-redis-'));
  const port = await freePort();
  const flags = [
    '--port',
    String(port),
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
  while (!(await answers(port))) {
    if (server.exitCode !== null || Date.now() > deadline)
      throw new Error(`${binary} did not start on port ${port}`);
    await sleep(20);
  }
  const stop = () => {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: `redis://127.0.0.1:${port}`, stop };
}
