import { describe, expect, it } from '@jest/globals';
import { LoadQueue } from './single-flight.js';

/** Loads that the test ends one by one. */
class Loads {
  readonly held: PromiseWithResolvers<number>[] = [];
  readonly load = (): Promise<number> => {
    const next = Promise.withResolvers<number>();
    this.held.push(next);
    return next.promise;
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('LoadQueue', () => {
  it('gives nobody the result of a load that began before it was asked for', async () => {
    const [queue, loads] = [new LoadQueue<number>(), new Loads()];
    const first = queue.run('k', loads.load);
    const second = queue.run('k', loads.load);
    loads.held[0]!.resolve(1);
    await first;
    const third = queue.run('k', loads.load);
    await settled();
    expect(loads.held).toHaveLength(2);
    loads.held[1]!.resolve(2);
    expect(await second).toEqual({ value: 2, isShared: false });
    await settled();
    loads.held[2]!.resolve(3);
    expect(await third).toEqual({ value: 3, isShared: false });
  });

  it('runs one load and queues one, for a thousand who ask', async () => {
    const [queue, loads] = [new LoadQueue<number>(), new Loads()];
    const all = Array.from({ length: 1_000 }, () => queue.run('k', loads.load));
    loads.held[0]!.resolve(1);
    await all[0];
    await settled();
    loads.held[1]!.resolve(2);
    const values = (await Promise.all(all)).map(({ value }) => value);
    expect(values).toEqual([1, ...Array<number>(999).fill(2)]);
    expect(loads.held).toHaveLength(2);
  });

  it('goes on after a load that fails, which concerns only those who waited for it', async () => {
    const [queue, loads] = [new LoadQueue<number>(), new Loads()];
    const first = queue.run('k', loads.load);
    const second = queue.run('k', loads.load);
    loads.held[0]!.reject(new Error('away'));
    await expect(first).rejects.toThrow('away');
    await settled();
    loads.held[1]!.resolve(2);
    expect((await second).value).toBe(2);
  });

  it('keeps keys apart', async () => {
    const [queue, loads] = [new LoadQueue<number>(), new Loads()];
    const both = [queue.run('a', loads.load), queue.run('b', loads.load)];
    expect(loads.held).toHaveLength(2);
    for (const held of loads.held) held.resolve(1);
    await Promise.all(both);
  });
});
