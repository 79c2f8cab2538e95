/** Upper bounds in seconds of the buckets a hit may fall into. */
export const HIT_BUCKETS_SECONDS = [0.0001, 0.001, 0.01, 0.1, 1] as const;

/** Hits of one route as plain numbers, read when Prometheus scrapes: counting must cost nothing. */
export class RouteTally {
  /** The route's template, such as `/blog/api/posts/:id`, known from its first routed answer. */
  template = '';
  readonly get = { full: 0, notModified: 0 };
  readonly head = { full: 0, notModified: 0 };
  readonly buckets = new Float64Array(HIT_BUCKETS_SECONDS.length + 1);
  seconds = 0;

  count(method: string | undefined, isNotModified: boolean, seconds: number): void {
    const counts = method === 'HEAD' ? this.head : this.get;
    if (isNotModified) counts.notModified += 1;
    else counts.full += 1;
    this.seconds += seconds;
    let bucket = 0;
    while (bucket < HIT_BUCKETS_SECONDS.length && seconds > HIT_BUCKETS_SECONDS[bucket]!) bucket += 1;
    this.buckets[bucket]! += 1;
  }
}
