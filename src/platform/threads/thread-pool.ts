import { ServiceUnavailable } from '../errors/service-unavailable.js';
import { FairQueue, type FairQueueLimits } from './fair-queue.js';
import { Thread } from './thread.js';

const RETRY_AFTER_SECONDS = 2;

export interface ThreadPoolOptions extends FairQueueLimits {
  /** A module that posts READY, and then one answer to each message. */
  readonly script: URL;
  readonly threads: number;
  /** The limit of one job. A thread that exceeds it is ended; another is started when needed. */
  readonly deadlineMs: number;
  readonly maxHeapMb: number;
  /** An idle thread ends after this time, which frees its memory. */
  readonly idleMs: number;
}

interface Waiting<Job, Result> {
  readonly job: Job;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** Runs jobs off the event loop, on threads that are started when needed. */
export class ThreadPool<Job, Result> {
  private readonly queue: FairQueue<Waiting<Job, Result>>;
  private readonly idle = new Map<Thread<Job, Result>, NodeJS.Timeout>();
  private readonly busy = new Set<Thread<Job, Result>>();

  constructor(private readonly options: ThreadPoolOptions) {
    this.queue = new FairQueue(options);
  }

  /**
   * @param owner whom the job is queued for; owners take turns
   * @throws Overrun if the job exceeds its limit, ServiceUnavailable if too many are waiting
   */
  run(job: Job, owner: string): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    if (!this.queue.push(owner, { job, resolve, reject })) {
      throw new ServiceUnavailable('Too many texts are being rendered.', RETRY_AFTER_SECONDS);
    }
    this.next();
    return promise;
  }

  private next(): void {
    if (this.busy.size >= this.options.threads) return;
    const waiting = this.queue.shift();
    if (waiting === undefined) return;
    const thread = this.takeIdle() ?? new Thread<Job, Result>(this.options.script, this.options.maxHeapMb);
    this.busy.add(thread);
    void thread
      .perform(waiting.job, this.options.deadlineMs)
      .then(waiting.resolve, waiting.reject)
      .finally(() => this.release(thread));
  }

  private takeIdle(): Thread<Job, Result> | undefined {
    for (const [thread, timer] of this.idle) {
      clearTimeout(timer);
      this.idle.delete(thread);
      if (!thread.hasEnded) return thread;
    }
    return undefined;
  }

  private release(thread: Thread<Job, Result>): void {
    this.busy.delete(thread);
    if (!thread.hasEnded) {
      const retire = (): void => {
        this.idle.delete(thread);
        void thread.end();
      };
      this.idle.set(thread, setTimeout(retire, this.options.idleMs).unref());
    }
    this.next();
  }

  /** Ends the threads. By now, the requests that used them have been answered or ended. */
  async close(): Promise<void> {
    const threads = [...this.idle.keys(), ...this.busy];
    for (const timer of this.idle.values()) clearTimeout(timer);
    this.idle.clear();
    for (let waiting = this.queue.shift(); waiting !== undefined; waiting = this.queue.shift()) {
      waiting.reject(new ServiceUnavailable('The server is stopping.', RETRY_AFTER_SECONDS));
    }
    await Promise.all(threads.map((thread) => thread.end()));
  }
}
