import type { Landing } from './single-flight.js';

interface Queue<T> {
  readonly running: Promise<T>;
  /** Begins when the running one has ended; whoever comes before that shares it. */
  queued: Promise<T> | undefined;
}

/**
 * Loads of a key one after the other: nobody shares a load that began before he asked. At most one runs and one is queued,
 * however many ask.
 */
export class Turns<T> {
  private readonly queues = new Map<string, Queue<T>>();

  /** @throws what the load throws, to everybody who shares it */
  async run(key: string, load: () => Promise<T>): Promise<Landing<T>> {
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
