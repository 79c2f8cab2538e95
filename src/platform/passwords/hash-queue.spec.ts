import { describe, expect, it } from '@jest/globals';
import { ServiceUnavailable } from '../errors/service-unavailable.js';
import { HashQueue } from './hash-queue.js';

/** Work that the test ends. */
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
    const running = [
      queue.run('here', first.work),
      queue.run('here', second.work),
      queue.run('here', third.work),
    ];
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
    const running = [queue.run('here', first.work), queue.run('here', second.work)];
    const refused = queue.run('here', third.work);
    await expect(refused).rejects.toThrow(ServiceUnavailable);
    await expect(refused).rejects.toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(third.hasStarted()).toBe(false);
    first.finish();
    second.finish();
    await Promise.all(running);
  });

  it('lets client networks take turns: a newcomer waits for one piece of work of each other', async () => {
    const queue = new HashQueue(1, 100);
    const first = held();
    const order: string[] = [];
    const note = (name: string) => (): Promise<void> => {
      order.push(name);
      return Promise.resolve();
    };
    const running: Promise<unknown>[] = [queue.run('busy', first.work)];
    for (let n = 0; n < 40; n += 1) running.push(queue.run('busy', note('busy')));
    for (const from of ['a', 'b', 'a']) running.push(queue.run(from, note(from)));
    await settle();
    first.finish();
    await Promise.all(running);
    expect(order.slice(0, 6)).toEqual(['busy', 'a', 'b', 'busy', 'a', 'busy']);
    expect([order.length, queue.depth]).toEqual([43, 0]);
  });

  it('gives the last place of the longest line to a newcomer of another network when all are taken', async () => {
    const queue = new HashQueue(1, 2);
    const [running, kept, last, newcomer] = [held(), held(), held(), held()];
    const done = [queue.run('busy', running.work), queue.run('busy', kept.work)];
    const refused = queue.run('busy', last.work);
    done.push(queue.run('other', newcomer.work));
    await expect(refused).rejects.toThrow(ServiceUnavailable);
    await expect(queue.run('third', last.work)).rejects.toThrow(ServiceUnavailable);
    for (const work of [running, kept, newcomer]) work.finish();
    expect(await Promise.all(done)).toEqual(['done', 'done', 'done']);
    expect(last.hasStarted()).toBe(false);
  });

  it('gives the slot on after work that failed', async () => {
    const queue = new HashQueue(1, 1);
    await expect(queue.run('here', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await queue.run('here', () => Promise.resolve('next'))).toBe('next');
  });
});
