import { describe, expect, it } from '@jest/globals';
import { addCounts, DurationBuckets, noDurations, quantileMs } from './duration-buckets.js';

const counted = (...ms: number[]): number[] => {
  const buckets = new DurationBuckets();
  for (const each of ms) buckets.add(each / 1000);
  return buckets.counts;
};

describe('DurationBuckets', () => {
  it('gives quantiles within 41 % of the true ones', () => {
    const ms = Array.from({ length: 1_000 }, (_, i) => 0.2 + i / 10);
    for (const quantile of [0.1, 0.5, 0.95, 0.99]) {
      const exact = ms[Math.floor(quantile * ms.length)]!;
      expect(Math.abs(quantileMs(counted(...ms), quantile)! / exact - 1)).toBeLessThan(0.41);
    }
  });

  it('keeps the shortest and the longest durations in its first and last bucket', () => {
    expect(quantileMs(counted(0, 0.00001), 1)).toBeLessThanOrEqual(0.1);
    expect(quantileMs(counted(10_000_000), 0.5)).toBeLessThan(30_000);
    expect(counted(0, 0.1, 10_000_000).reduce((sum, count) => sum + count)).toBe(3);
  });

  it('adds up', () => {
    const both = addCounts(counted(1, 2), counted(100));
    expect(both).toEqual(counted(1, 2, 100));
    expect(quantileMs(both, 1)).toBeGreaterThan(70);
  });

  it('has no quantile without a duration', () => {
    expect(quantileMs(noDurations(), 0.5)).toBeNull();
  });
});
