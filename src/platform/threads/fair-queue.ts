export interface FairQueueLimits {
  readonly maxWaiting: number;
  /** Keeps one owner from filling the queue. */
  readonly maxWaitingPerOwner: number;
}

/**
 * A queue in which owners take turns, however many items each of them has waiting. The items of one owner stay in
 * order.
 */
export class FairQueue<Item> {
  /** In the order of turns. No list is empty. */
  private readonly byOwner = new Map<string, Item[]>();
  private waiting = 0;

  constructor(private readonly limits: FairQueueLimits) {}

  get size(): number {
    return this.waiting;
  }

  /** @returns false if the item was refused, because too many are waiting */
  push(owner: string, item: Item): boolean {
    const own = this.byOwner.get(owner) ?? [];
    const { maxWaiting, maxWaitingPerOwner } = this.limits;
    if (this.waiting >= maxWaiting || own.length >= maxWaitingPerOwner) return false;
    own.push(item);
    this.byOwner.set(owner, own);
    this.waiting += 1;
    return true;
  }

  /** Takes the first item of the owner whose turn it is. Undefined if the queue is empty. */
  shift(): Item | undefined {
    const turn = this.byOwner.entries().next();
    if (turn.done === true) return undefined;
    const [owner, own] = turn.value;
    const item = own.shift();
    this.byOwner.delete(owner);
    if (own.length > 0) this.byOwner.set(owner, own);
    this.waiting -= 1;
    return item;
  }
}
