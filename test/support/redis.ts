import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from '../../src/platform/redis/redis.js';
import type { Inkwell } from './start-inkwell.js';

/** The application's own client, or null if it has none. */
export const redisOf = (inkwell: Inkwell): Redis | null => inkwell.app.get<Redis | null>(Redis);

/**
 * The client connects in the background, so an instance that has just started or was disconnected may have no
 * connection yet.
 */
export async function untilRedisAnswers(inkwell: Inkwell): Promise<void> {
  const answers = (): Promise<boolean> | undefined =>
    redisOf(inkwell)
      ?.ping()
      .then(
        () => true,
        () => false,
      );
  const deadline = Date.now() + 10_000;
  while ((await answers()) === false) {
    if (Date.now() > deadline) throw new Error('Redis does not answer within ten seconds');
    await sleep(20);
  }
}
