import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ObservedSeconds } from './observed-seconds.js';
import { READER_ADDRESS } from './target.js';

/**
 * A process that reads hits in memory at fixed times, like independent readers (open loop). With each read it asks an
 * idle process for an echo.
 */
const PER_SECOND = 200;
const TIMEOUT_MS = 10_000;
const [port, idlePort, ...paths] = process.argv.slice(2);

const agent = new Agent({ keepAlive: true, localAddress: READER_ADDRESS, scheduling: 'lifo' });
const hits = new ObservedSeconds();
const misses = new ObservedSeconds();
const echoes = new ObservedSeconds();
const waiting = new Set<Promise<void>>();

interface Read {
  readonly isHit: boolean;
  /** The reason of the failure. */
  readonly failure?: string;
}

function read(path: string): Promise<Read> {
  return new Promise((resolve) => {
    const failed = ({ message }: Error): void => resolve({ isHit: true, failure: message });
    const request = get({ host: '127.0.0.1', port, path, agent, timeout: TIMEOUT_MS }, (response) => {
      const { statusCode: status, headers } = response;
      const cacheStatus = String(headers['cache-status']);
      response.on('error', failed);
      response.on('end', () => {
        if (status === 200) resolve({ isHit: cacheStatus.startsWith('inkwell; hit') });
        else failed(new Error(`${status} ${cacheStatus}`));
      });
      response.resume();
    });
    request.on('timeout', () => request.destroy(new Error('no answer in time')));
    request.on('error', failed);
  });
}

async function hit(path: string): Promise<void> {
  const [at, startedAt] = [Date.now(), performance.now()];
  const { isHit, failure } = await read(path);
  (isHit ? hits : misses).add(at, performance.now() - startedAt, failure);
}

/** Echoes arrive in the order of the requests. */
function echoing(socket: Socket): () => void {
  const pending: { readonly at: number; readonly startedAt: number }[] = [];
  socket.on('data', (chunk: Buffer) => {
    for (const { at, startedAt } of pending.splice(0, chunk.length))
      echoes.add(at, performance.now() - startedAt);
  });
  return () => {
    pending.push({ at: Date.now(), startedAt: performance.now() });
    socket.write('?');
  };
}

process.on('message', () => {
  void Promise.all(waiting).then(() =>
    process.send!({ hits: hits.take(), misses: misses.take(), echoes: echoes.take() }),
  );
});

const socket = connect({ port: Number(idlePort), host: '127.0.0.1', noDelay: true });
await once(socket, 'connect');
const askForEcho = echoing(socket);
process.send!('ready');

let due = performance.now();
for (let i = 0; ; i += 1) {
  due += 1000 / PER_SECOND;
  const waitMs = due - performance.now();
  if (waitMs > 0) await sleep(waitMs);
  askForEcho();
  const hitting = hit(paths[i % paths.length]!).finally(() => waiting.delete(hitting));
  waiting.add(hitting);
}
