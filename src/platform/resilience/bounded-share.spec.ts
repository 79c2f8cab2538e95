import { describe, expect, it } from '@jest/globals';
import { BoundedShare } from './bounded-share.js';

const LONG = 60_000;

/** Work that the test ends. */
function held(): { readonly work: () => Promise<string>; readonly end: () => void } {
  const { promise, resolve } = Promise.withResolvers<string>();
  return { work: () => promise, end: () => resolve('done') };
}

describe('BoundedShare', () => {
  it('runs as many as it has slots, lets as many wait as it may, and turns the rest away at once', async () => {
    const share = new BoundedShare(2, 1, LONG);
    const [first, second, third] = [held(), held(), held()];
    const results = [share.run(first.work), share.run(second.work), share.run(third.work)];
    expect(await share.run(() => Promise.resolve('never'))).toBe('busy');
    expect([share.running, share.waiting]).toEqual([2, 1]);
    for (const { end } of [first, second, third]) end();
    expect(await Promise.all(results)).toEqual(['done', 'done', 'done']);
    expect([share.running, share.waiting]).toEqual([0, 0]);
  });

  it('hands a slot to whoever waits longest', async () => {
    const share = new BoundedShare(1, 5, LONG);
    const first = held();
    const order: number[] = [];
    const running = [
      share.run(first.work),
      ...[1, 2, 3].map((n) => share.run(() => Promise.resolve(order.push(n)))),
    ];
    first.end();
    await Promise.all(running);
    expect(order).toEqual([1, 2, 3]);
  });

  it('turns away who waited too long, and keeps no place for him', async () => {
    const share = new BoundedShare(1, 5, 5);
    const first = held();
    const running = share.run(first.work);
    expect(await share.run(() => Promise.resolve('late'))).toBe('busy');
    expect(share.waiting).toBe(0);
    first.end();
    await running;
    expect(await share.run(() => Promise.resolve('next'))).toBe('next');
  });

  it('frees the slot of work that fails', async () => {
    const share = new BoundedShare(1, 0, LONG);
    await expect(share.run(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await share.run(() => Promise.resolve('next'))).toBe('next');
  });
});
