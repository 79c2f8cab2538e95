/** Upper bounds in seconds of `http_request_duration_seconds`, from answers out of memory to the deadline of a request. */
export const DURATION_BUCKETS_SECONDS = [
  0.0001, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
] as const;

/** Answers of one method: plain numbers. */
export class DoorCounts {
  full = 0;
  notModified = 0;
  seconds = 0;
  /** Answers by the first bound they stayed within; the last place is for none. */
  readonly buckets = new Float64Array(DURATION_BUCKETS_SECONDS.length + 1);

  count(isNotModified: boolean, seconds: number): void {
    if (isNotModified) this.notModified += 1;
    else this.full += 1;
    this.seconds += seconds;
    let bucket = 0;
    while (bucket < DURATION_BUCKETS_SECONDS.length && seconds > DURATION_BUCKETS_SECONDS[bucket]!)
      bucket += 1;
    this.buckets[bucket]! += 1;
  }
}

/** What the front door answered for one route, read when Prometheus scrapes: counting must cost next to nothing. */
export class RouteTally {
  /** The route's template, such as `/blog/api/posts/:id`, known from its first routed answer. */
  template = '';
  readonly GET = new DoorCounts();
  readonly HEAD = new DoorCounts();
}
