import { globSync } from 'node:fs';
import type { redisAtHand } from './redis-server.js';

interface Machine {
  readonly redis: ReturnType<typeof redisAtHand>;
  /** Does this run include the tests that need HAProxy or Prometheus? */
  readonly isOperated: boolean;
  /** Does this run include the tests that need a Chromium? */
  readonly hasBrowser: boolean;
}

const REDIS =
  'that need Redis: put redis-server or valkey-server on PATH, or set REDIS_URL, with which some of them run';
const OPERATE = 'that need HAProxy or Prometheus: npm run test:operate';
const BROWSER = 'that need Chromium: npm run test:browser';

/** The tests that `npm test` does not run on a machine: a line per reason, with the names of the files. */
export function suitesLeftOut({ redis, isOperated, hasBrowser }: Machine): string[] {
  const byRedis = { program: [], address: ['redis-server'], none: ['redis', 'redis-server'] }[redis];
  return [
    ...group(byRedis, REDIS),
    ...group(isOperated ? [] : ['operate'], OPERATE),
    ...group(hasBrowser ? [] : ['browser'], BROWSER),
  ];
}

function group(kinds: readonly string[], why: string): string[] {
  const files = kinds.flatMap((kind) => globSync(`test/**/*.${kind}.ts`)).sort();
  return files.length === 0 ? [] : [`${files.length} suites ${why} (${files.join(', ')})`];
}
