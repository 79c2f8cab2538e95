import { Redis } from 'ioredis';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from './free-port.js';

const START_TIMEOUT_MS = 10_000;

export interface RedisServer {
  readonly url: string;
  readonly version: string;
  stop(): Promise<void>;
}

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

const versionIn = (info: string): string => /^(?:valkey|redis)_version:(\S+)/m.exec(info)?.[1] ?? 'unknown';

/** A Redis that keeps nothing, on a port of its own. */
export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  const options = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', '/tmp'];
  const server = spawn(binaryOnPath(), ['--port', String(port), ...options], { stdio: 'ignore' });
  const url = `redis://127.0.0.1:${port}`;
  const client = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  await Promise.race([once(client, 'ready'), refusal(server, START_TIMEOUT_MS)]);
  const version = versionIn(await client.info('server'));
  client.disconnect();
  return {
    url,
    version,
    stop: async () => {
      const exited = once(server, 'exit');
      server.kill('SIGKILL');
      await exited;
    },
  };
}

async function refusal(server: ReturnType<typeof spawn>, afterMs: number): Promise<never> {
  await once(server, 'exit', { signal: AbortSignal.timeout(afterMs) }).catch(() => undefined);
  throw new Error('Redis did not start');
}
