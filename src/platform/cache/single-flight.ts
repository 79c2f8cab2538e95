/** A load under way. */
interface Flight<T> {
  readonly promise: Promise<T>;
  /** Known beforehand, or undefined: then any invalidation may concern it. */
  readonly tags: readonly string[] | undefined;
}

export interface Landing<T> {
  readonly value: T;
  /** False for the one caller that ran the load. */
  readonly isShared: boolean;
}

/**
 * One load a key at a time, whose result all callers share. A load that an invalidation overtakes is detached: it still
 * answers those who waited for it, and nobody newer joins it ("write fences", as in layered-loader).
 */
export class SingleFlight<T> {
  private readonly flights = new Map<string, Flight<T>>();

  get size(): number {
    return this.flights.size;
  }

  /** @throws what the load throws, to everybody who shares it; the next caller loads anew */
  async run(key: string, tags: readonly string[] | undefined, load: () => Promise<T>): Promise<Landing<T>> {
    const running = this.flights.get(key);
    if (running !== undefined) return { value: await running.promise, isShared: true };
    return { value: await this.begin(key, tags, load), isShared: false };
  }

  private begin(key: string, tags: readonly string[] | undefined, load: () => Promise<T>): Promise<T> {
    const promise = load().finally(() => {
      // A detached flight's place may have been taken by a newer one.
      if (this.flights.get(key) === flight) this.flights.delete(key);
    });
    const flight: Flight<T> = { promise, tags };
    this.flights.set(key, flight);
    return promise;
  }

  /** Detaches the loads that `tags` may concern. @returns how many */
  fence(tags: ReadonlySet<string>): number {
    let fenced = 0;
    for (const [key, flight] of this.flights) {
      if (flight.tags?.some((tag) => tags.has(tag)) === false) continue;
      this.flights.delete(key);
      fenced += 1;
    }
    return fenced;
  }

  fenceAll(): void {
    this.flights.clear();
  }
}
