import { HashQueueFull } from './hash-queue-full.js';

/** A call that has no slot yet. */
interface WaitingCall {
  readonly begin: () => void;
  readonly refuse: (error: Error) => void;
}

/**
 * Runs at most `slots` calls at once, lets at most `maxWaiting` wait, and refuses the rest. Argon2 keeps a core busy
 * for its whole time, and an unbounded queue would answer nobody in time.
 *
 * Each client network has a queue of its own, and the queues take turns, so that a new network waits for one call of
 * each other network at most. When all places are taken, a new call takes the last place of the longest queue, unless
 * its own queue would then be as long.
 */
export class HashQueue {
  private running = 0;
  private waiting = 0;
  /** Queues by client network, in the order of their turns. No queue is empty. */
  private readonly lines = new Map<string, WaitingCall[]>();

  constructor(
    private readonly slots: number,
    private readonly maxWaiting: number,
  ) {}

  /** The number of waiting calls. */
  get depth(): number {
    return this.waiting;
  }

  /** @param from the client network that the work is for @throws HashQueueFull; what `work` throws */
  async run<T>(from: string, work: () => Promise<T>): Promise<T> {
    await this.takeSlot(from);
    try {
      return await work();
    } finally {
      this.passSlotOn();
    }
  }

  private async takeSlot(from: string): Promise<void> {
    if (this.running < this.slots) {
      this.running += 1;
      return;
    }
    if (this.waiting >= this.maxWaiting) this.makeRoomFor(from);
    await new Promise<void>((begin, refuse) => {
      const line = this.lines.get(from);
      if (line === undefined) this.lines.set(from, [{ begin, refuse }]);
      else line.push({ begin, refuse });
      this.waiting += 1;
    });
  }

  private makeRoomFor(from: string): void {
    let longest: WaitingCall[] = [];
    for (const line of this.lines.values()) if (line.length > longest.length) longest = line;
    const ownLength = this.lines.get(from)?.length ?? 0;
    if (longest.length <= ownLength + 1) throw new HashQueueFull();
    this.waiting -= 1;
    // The longest queue has at least two calls.
    longest.pop()!.refuse(new HashQueueFull());
  }

  /** Passes the slot directly to the next call, so that no newer call can take it in between. */
  private passSlotOn(): void {
    const [next] = this.lines;
    if (next === undefined) {
      this.running -= 1;
      return;
    }
    const [from, line] = next;
    const turn = line.shift()!;
    this.waiting -= 1;
    this.lines.delete(from);
    if (line.length > 0) this.lines.set(from, line);
    turn.begin();
  }
}
