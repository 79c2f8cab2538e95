// All test files of a worker share one Redis and one address. This deletes the rate limits that the last file used up.
import { beforeAll } from '@jest/globals';
import { Redis } from 'ioredis';

beforeAll(async () => {
  const url = process.env.TEST_REDIS_URL;
  if (!url) return;
  const redis = new Redis(`${url}/${process.env.JEST_WORKER_ID ?? '0'}`);
  try {
    for await (const keys of redis.scanStream({ match: 'inkwell:limit:*', count: 1_000 }))
      if (keys.length > 0) await redis.del(keys);
  } finally {
    redis.disconnect();
  }
});
