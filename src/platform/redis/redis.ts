import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';

const CONNECT_TIMEOUT_MS = 1_000;
/** Redis only saves time, so a later reply is worth no more than none. */
const COMMAND_TIMEOUT_MS = 100;
const QUIT_TIMEOUT_MS = 1_000;

/** A client that connects in the background, retries for ever, and fails at once while there is no connection. */
export function connectRedis(url: string): Redis {
  const logger = new Logger('Redis');
  const redis = new Redis(url, {
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
  });
  let isDown = false;
  redis.on('error', (error) => {
    if (!isDown) logger.warn(`Redis cannot be reached: ${error.message}`);
    isDown = true;
  });
  redis.on('ready', () => {
    if (isDown) logger.log('Redis is back');
    isDown = false;
  });
  return redis;
}

/** `quit` never settles if the server hangs. */
export async function disconnectRedis(redis: Redis): Promise<void> {
  const quit = redis.quit().then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([quit, sleep(QUIT_TIMEOUT_MS, undefined, { ref: false })]);
  // On a connection that has ended, this would leave a timer behind.
  if (redis.status !== 'end') redis.disconnect();
}

/** The client's class is its injection token. All other code imports it from here. */
export { Redis } from 'ioredis';
