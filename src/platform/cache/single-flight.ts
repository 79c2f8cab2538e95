export interface LoadResult<T> {
  readonly value: T;
  /** False for the one caller that ran the load. */
  readonly isShared: boolean;
}

/**
 * Runs one load per key at a time; all callers share its result. A change detaches every running load: it still answers
 * the callers that wait for it, but no new caller joins it ("write fences", as in layered-loader). All loads are
 * detached because the tags of a load are known only when it ends. A load that the change did not touch is still
 * stored, because its snapshot decides that.
 */
export class SingleFlight<T> {
  private readonly flights = new Map<string, Promise<T>>();

  get size(): number {
    return this.flights.size;
  }

  /** @throws what the load throws, to all callers that share it; the next caller starts a new load */
  async run(key: string, load: () => Promise<T>): Promise<LoadResult<T>> {
    const running = this.flights.get(key);
    if (running !== undefined) return { value: await running, isShared: true };
    return { value: await this.begin(key, load), isShared: false };
  }

  private begin(key: string, load: () => Promise<T>): Promise<T> {
    const flight = load().finally(() => {
      // A newer load may have replaced a detached one.
      if (this.flights.get(key) === flight) this.flights.delete(key);
    });
    this.flights.set(key, flight);
    return flight;
  }

  /** Detaches every running load. */
  fence(): void {
    this.flights.clear();
  }
}

interface Queue<T> {
  readonly running: Promise<T>;
  /** Starts when the running load has ended. Callers that arrive before then share it. */
  queued: Promise<T> | undefined;
}

/**
 * Runs the loads of a key one after the other. No caller shares a load that started before the caller arrived. For any
 * number of callers, one load runs and at most one is queued.
 */
export class LoadQueue<T> {
  private readonly queues = new Map<string, Queue<T>>();

  /** @throws what the load throws, to all callers that share it */
  async run(key: string, load: () => Promise<T>): Promise<LoadResult<T>> {
    const queue = this.queues.get(key);
    if (queue === undefined) return { value: await this.begin(key, load), isShared: false };
    if (queue.queued !== undefined) return { value: await queue.queued, isShared: true };
    queue.queued = queue.running.then(
      () => this.begin(key, load),
      () => this.begin(key, load),
    );
    return { value: await queue.queued, isShared: false };
  }

  private begin(key: string, load: () => Promise<T>): Promise<T> {
    const running = load().finally(() => {
      if (this.queues.get(key) === queue && queue.queued === undefined) this.queues.delete(key);
    });
    const queue: Queue<T> = { running, queued: undefined };
    this.queues.set(key, queue);
    return running;
  }
}
