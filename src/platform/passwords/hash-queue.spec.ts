import { describe, expect, it } from '@jest/globals';
import { ServiceUnavailable } from '../errors/service-unavailable.js';
import { HashQueue } from './hash-queue.js';

/** Work that ends when it is told to. */
function held(): { work: () => Promise<string>; finish: () => void; hasStarted: () => boolean } {
  const { promise, resolve } = Promise.withResolvers<string>();
  let hasStarted = false;
  const work = (): Promise<string> => {
    hasStarted = true;
    return promise;
  };
  return { work, finish: () => resolve('done'), hasStarted: () => hasStarted };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('HashQueue', () => {
  it('runs as many at once as it has slots, the next when one ends, in order', async () => {
    const queue = new HashQueue(1, 2);
    const [first, second, third] = [held(), held(), held()];
    const running = [queue.run(first.work), queue.run(second.work), queue.run(third.work)];
    await settle();
    expect([first, second, third].map((work) => work.hasStarted())).toEqual([true, false, false]);
    expect(queue.depth).toBe(2);
    first.finish();
    await settle();
    expect([second, third].map((work) => work.hasStarted())).toEqual([true, false]);
    second.finish();
    third.finish();
    expect(await Promise.all(running)).toEqual(['done', 'done', 'done']);
    expect(queue.depth).toBe(0);
  });

  it('refuses with 503 and Retry-After when its waiting places are taken, without starting the work', async () => {
    const queue = new HashQueue(1, 1);
    const [first, second, third] = [held(), held(), held()];
    const running = [queue.run(first.work), queue.run(second.work)];
    const refused = queue.run(third.work);
    await expect(refused).rejects.toThrow(ServiceUnavailable);
    await expect(refused).rejects.toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(third.hasStarted()).toBe(false);
    first.finish();
    second.finish();
    await Promise.all(running);
  });

  it('gives the slot on after work that failed', async () => {
    const queue = new HashQueue(1, 1);
    await expect(queue.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await queue.run(() => Promise.resolve('next'))).toBe('next');
  });
});
