import { Redis } from 'ioredis';
import { CacheInvalidator } from '../../src/platform/cache/cache-invalidator.js';
import { startRedis } from '../support/redis-server.js';
import { type Inkwell, LONG_LEASE, startInkwell } from '../support/start-inkwell.js';
import { NOTES_TABLE, NotesModule } from './notes.js';

/** The notes application on a Redis of its own. */
export interface NotesOnRedis {
  readonly inkwell: Inkwell;
  /** Keys in that Redis. */
  readonly client: Redis;
  /** As after a restart: the memory of the process is empty, but Redis is not. */
  readonly forget: () => void;
  readonly stop: () => Promise<void>;
}

export async function startNotesOnRedis(): Promise<NotesOnRedis> {
  const redis = await startRedis();
  const client = new Redis(redis.url);
  const inkwell = await startInkwell(
    { ...LONG_LEASE, REDIS_URL: redis.url, LOG_LEVEL: 'fatal' },
    { modules: [NotesModule], schema: [NOTES_TABLE] },
  );
  return {
    inkwell,
    client,
    forget: () => void inkwell.app.get(CacheInvalidator).clear(),
    stop: async () => {
      await inkwell.close();
      client.disconnect();
      redis.stop();
    },
  };
}
