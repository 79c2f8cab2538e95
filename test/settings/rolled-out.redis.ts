import { describe, expect, it } from '@jest/globals';
import { CacheInvalidator } from '../../src/platform/cache/cache-invalidator.js';
import { written } from '../blog/posts.js';
import { registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { cacheStatusOf } from '../support/hits.js';
import { type Inkwell, LONG_LEASE, startInkwell } from '../support/start-inkwell.js';

const PATHS = ['/blog/', '/api/site'];

async function untilFromRedis(on: Inkwell, path: string): Promise<void> {
  // A miss stores its answer in Redis a moment after it was sent.
  const deadline = Date.now() + 10_000;
  for (;;) {
    for (const app of on.apps) app.get(CacheInvalidator).clear();
    if (cacheStatusOf(await api(on).get(path)).includes('redis')) return;
    if (Date.now() > deadline) throw new Error(`GET ${path} never came from Redis`);
  }
}

describe('a setting of the environment', () => {
  it('is not shown by processes that are started with another value, although they share Redis', async () => {
    const before = await startInkwell({ ...LONG_LEASE, SITE_TITLE: 'Before' });
    const after = await startInkwell(
      { ...LONG_LEASE, SITE_TITLE: 'After' },
      { databaseUrl: before.databaseUrl },
    );
    try {
      // Empty lists do not go to Redis.
      await written(before, await registerAndLogin(before, 'ada'));
      for (const path of PATHS) {
        await untilFromRedis(before, path);
        const { body } = await api(after).get<unknown>(path);
        expect(JSON.stringify(body)).toContain('After');
        expect(JSON.stringify(body)).not.toContain('Before');
        expect(JSON.stringify((await api(before).get<unknown>(path)).body)).toContain('Before');
      }
    } finally {
      await after.close();
      await before.close();
    }
  });
});
