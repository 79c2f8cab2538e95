import { beforeAll, describe, expect, it } from '@jest/globals';
import { flood } from './flood-results.js';
import type { Memory } from './measured-process.js';

const MIB = 1024 * 1024;

interface Moment extends Memory {
  /** The number of popular posts that are still in memory. */
  readonly survived: number;
  /** The size that the store reports. */
  readonly bytes: number;
}

interface Million {
  readonly popular: number;
  readonly begin: Memory;
  /** 900,000 keys later. */
  readonly afterMadeUp: Moment;
  /** Another 100,000 later. */
  readonly afterReal: Moment;
}

describe('the memory of the cache under a million distinct keys', () => {
  const MAX_BYTES = 8 * MIB;
  /**
   * The URL spellings of the front door (20,000 URLs, at most 10 MiB), and the spare capacity of maps and lists in the
   * store. Measured: 14 to 16 MB.
   */
  const CONSTANT_BYTES = 20 * MIB;
  let million: Million;
  beforeAll(async () => {
    million = await flood<Million>('million', String(MAX_BYTES));
  }, 300_000);

  it('stays within CACHE_MAX_BYTES and a constant', () => {
    const { begin, afterMadeUp, afterReal } = million;
    for (const { held, bytes } of [afterMadeUp, afterReal]) {
      expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
      expect(held - begin.held).toBeLessThan(MAX_BYTES + CONSTANT_BYTES);
    }
    // Otherwise the limit was never reached.
    expect(afterReal.bytes).toBeGreaterThan(0.9 * MAX_BYTES);
  });

  it('does not grow in the eyes of the machine once it is full', () => {
    // V8 and malloc need spare memory to be fast, for any cache. This limits it.
    const { afterMadeUp, afterReal } = million;
    expect(afterReal.rss - afterMadeUp.rss).toBeLessThan(MAX_BYTES + 64 * MIB);
  });

  it('keeps what is popular, in a flood of what is made up even when nobody asks for it', () => {
    const { popular, afterMadeUp, afterReal } = million;
    expect([afterMadeUp.survived, afterReal.survived]).toEqual([popular, popular]);
  });
});
