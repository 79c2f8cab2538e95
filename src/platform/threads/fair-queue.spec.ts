import { describe, expect, it } from '@jest/globals';
import { FairQueue } from './fair-queue.js';

const drained = (queue: FairQueue<string>): string[] =>
  Array.from({ length: queue.size }, () => queue.shift()!);

describe('FairQueue', () => {
  it('lets owners take turns, and keeps the order of each', () => {
    const queue = new FairQueue<string>({ maxWaiting: 10, maxWaitingPerOwner: 10 });
    for (const item of ['a1', 'a2', 'a3', 'b1', 'c1', 'c2']) queue.push(item.charAt(0), item);
    expect(drained(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3']);
    expect(queue.shift()).toBeUndefined();
  });

  it('refuses one owner beyond a share, and everybody beyond the whole', () => {
    const queue = new FairQueue<string>({ maxWaiting: 3, maxWaitingPerOwner: 2 });
    const admitted = ['a1', 'a2', 'a3', 'b1', 'c1'].filter((item) => queue.push(item.charAt(0), item));
    expect(admitted).toEqual(['a1', 'a2', 'b1']);
    queue.shift();
    expect(queue.push('c', 'c1')).toBe(true);
  });
});
