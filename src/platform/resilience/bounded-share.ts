/** Runs at most `slots` calls at once. At most `maxWaiting` wait, in order, and none for longer than `maxWaitMs`. */
export class BoundedShare {
  private active = 0;
  private readonly queue = new Set<() => void>();

  constructor(
    private readonly slots: number,
    private readonly maxWaiting: number,
    private readonly maxWaitMs: number,
  ) {}

  get running(): number {
    return this.active;
  }

  get waiting(): number {
    return this.queue.size;
  }

  /** @returns the result of `work`, or `'busy'` if no slot was free in time @throws what `work` throws */
  async run<T>(work: () => Promise<T>): Promise<T | 'busy'> {
    if (!(await this.isAdmitted())) return 'busy';
    try {
      return await work();
    } finally {
      this.passSlotOn();
    }
  }

  private isAdmitted(): boolean | Promise<boolean> {
    if (this.active < this.slots) {
      this.active += 1;
      return true;
    }
    if (this.queue.size >= this.maxWaiting) return false;
    return new Promise((resolve) => {
      const begin = (): void => {
        clearTimeout(timer);
        resolve(true);
      };
      const giveUp = (): void => {
        this.queue.delete(begin);
        resolve(false);
      };
      const timer = setTimeout(giveUp, this.maxWaitMs);
      this.queue.add(begin);
    });
  }

  /** Passes the slot directly to the longest waiting call, so that no newer call can take it in between. */
  private passSlotOn(): void {
    const [next] = this.queue;
    if (next === undefined) {
      this.active -= 1;
      return;
    }
    this.queue.delete(next);
    next();
  }
}
