const SHORTEST_MS = 0.1;
const BUCKETS_PER_DOUBLING = 2;
/** The last bucket ends at about 26 s and takes whatever lasted longer. */
const BUCKETS = 37;

/** The longest duration of a bucket in milliseconds. Each is √2 times as long as the one before. */
const endOf = (bucket: number): number => SHORTEST_MS * 2 ** (bucket / BUCKETS_PER_DOUBLING);

function bucketOf(ms: number): number {
  const bucket = Math.ceil(Math.log2(ms / SHORTEST_MS) * BUCKETS_PER_DOUBLING);
  return Math.min(Math.max(bucket, 0), BUCKETS - 1);
}

export const noDurations = (): number[] => Array<number>(BUCKETS).fill(0);

/** Counts durations in buckets, so that those of several processes can be added up and still have quantiles. */
export class DurationBuckets {
  readonly counts = noDurations();

  add(seconds: number): void {
    this.counts[bucketOf(seconds * 1000)]! += 1;
  }
}

/** @returns the counts of both */
export const addCounts = (one: readonly number[], other: readonly number[]): number[] =>
  one.map((count, bucket) => count + (other[bucket] ?? 0));

/**
 * A quantile in milliseconds, between the bounds of its bucket in proportion. Its error is at most 41 %.
 * @param quantile from 0 to 1
 * @returns null without any duration
 */
export function quantileMs(counts: readonly number[], quantile: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let left = quantile * total;
  for (const [bucket, count] of counts.entries()) {
    if (count > 0 && left <= count) {
      const start = bucket === 0 ? 0 : endOf(bucket - 1);
      return start + (endOf(bucket) - start) * (left / count);
    }
    left -= count;
  }
  return endOf(BUCKETS - 1);
}
