import { ServiceUnavailable } from '../errors/service-unavailable.js';

const RETRY_AFTER_SECONDS = 1;

/**
 * Runs at most `slots` pieces of work at once, lets at most `maxWaiting` wait their turn in order, and refuses the
 * rest: argon2 saturates a core for its whole time, and a queue without an end would answer nobody in time.
 */
export class HashQueue {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly slots: number,
    private readonly maxWaiting: number,
  ) {}

  /** Pieces of work that wait for a slot. */
  get depth(): number {
    return this.waiting.length;
  }

  /** @throws ServiceUnavailable when `maxWaiting` wait already; else what `work` throws */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.takeSlot();
    try {
      return await work();
    } finally {
      this.passSlotOn();
    }
  }

  private async takeSlot(): Promise<void> {
    if (this.running < this.slots) {
      this.running += 1;
      return;
    }
    if (this.waiting.length >= this.maxWaiting) {
      throw new ServiceUnavailable('Too many passwords are being checked.', RETRY_AFTER_SECONDS);
    }
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** A slot goes straight to whoever waits longest, so that nobody newer can take it in between. */
  private passSlotOn(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.running -= 1;
    else next();
  }
}
