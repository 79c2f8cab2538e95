import type { Random } from '../../../src/transfer/random.js';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Calls `arrive` at random moments, on average this often per second (a Poisson process), whether or not earlier
 * arrivals are done. Clients that wait for their answer before the next request would hide what goes wrong between
 * requests.
 */
export async function arrivals(
  random: Random,
  perSecond: number,
  isOver: () => boolean,
  arrive: () => void,
): Promise<void> {
  let dueMs = performance.now();
  while (!isOver()) {
    const nowMs = performance.now();
    for (; dueMs <= nowMs && !isOver(); dueMs += (-Math.log(1 - random.next()) * 1000) / perSecond) arrive();
    await sleep(Math.max(1, dueMs - performance.now()));
  }
}
