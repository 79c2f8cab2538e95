import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createTestDatabase } from '../support/test-database.js';

/**
 * A young generation small enough to be collected many times meanwhile, and an old generation that is not collected.
 */
const NODE_OPTIONS = ['--expose-gc', '--max-semi-space-size=1', '--initial-heap-size=256'];

describe('statements through the pool', () => {
  it('are garbage once they have been answered: none is kept by the next', async () => {
    const database = await createTestDatabase();
    try {
      const script = [...NODE_OPTIONS, 'test/database/query-garbage.js', database.url];
      const { stdout } = await promisify(execFile)(process.execPath, script);
      const { statements, bytes } = JSON.parse(stdout) as { statements: number; bytes: number };
      // A query that is kept alive takes about 8,000 bytes: the text, the statement, its result.
      expect(bytes / statements).toBeLessThan(1_000);
    } finally {
      await database.drop();
    }
  }, 60_000);
});
