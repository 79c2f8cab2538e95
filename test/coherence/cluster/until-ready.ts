import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../http/client.js';

const READY_TIMEOUT_MS = 30_000;

/** @returns true if the replica reported in time that it is ready */
export async function untilReady(client: Client): Promise<boolean> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (; Date.now() < deadline; await sleep(50)) {
    const answer = await client.ask('GET /readyz HTTP/1.1\r\nhost: checker\r\n\r\n').catch(() => undefined);
    if (answer?.status === 200 && !answer.body.includes('degraded')) return true;
  }
  return false;
}
