import { Redis } from 'ioredis';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../../test/support/redis-server.js';

const START_TIMEOUT_MS = 10_000;

export interface RedisServer {
  readonly url: string;
  readonly version: string;
  stop(): Promise<void>;
}

/** @throws a one-line error that says how to get it */
function binaryOnPath(): string {
  const found = ['redis-server', 'valkey-server'].find(
    (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
  );
  if (found === undefined)
    throw new Error(
      'The benchmark needs redis-server or valkey-server on PATH (Debian: apt-get install redis-server)',
    );
  return found;
}

/** A Redis without persistence, on a port of its own. */
export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  const options = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', '/tmp'];
  const server = spawn(binaryOnPath(), ['--port', String(port), ...options], { stdio: 'ignore' });
  const endWithUs = (): boolean => server.kill('SIGKILL');
  process.once('exit', endWithUs);
  server.once('exit', () => process.off('exit', endWithUs));
  const url = `redis://127.0.0.1:${port}`;
  try {
    return { url, version: await versionOf(url), stop: () => end(server) };
  } catch (cause) {
    await end(server);
    throw new Error('Redis did not start', { cause });
  }
}

/** Waits for the server to answer. */
async function versionOf(url: string): Promise<string> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  const client = new Redis(url, {
    maxRetriesPerRequest: null,
    retryStrategy: () => (Date.now() < deadline ? 20 : null),
  });
  client.on('error', () => undefined);
  try {
    const info = await client.info('server');
    return /^(?:valkey|redis)_version:(\S+)/m.exec(info)?.[1] ?? 'unknown';
  } finally {
    client.disconnect();
  }
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const exited = once(server, 'exit');
  server.kill('SIGKILL');
  await exited;
}
