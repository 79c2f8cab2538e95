import { describe, expect, it } from '@jest/globals';
import { Turns } from './turns.js';

/** Loads that end when they are told to. */
class Loads {
  readonly held: PromiseWithResolvers<number>[] = [];
  readonly load = (): Promise<number> => {
    const next = Promise.withResolvers<number>();
    this.held.push(next);
    return next.promise;
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Turns', () => {
  it('gives nobody the result of a load that began before he asked', async () => {
    const [turns, loads] = [new Turns<number>(), new Loads()];
    const first = turns.run('k', loads.load);
    const second = turns.run('k', loads.load);
    loads.held[0]!.resolve(1);
    await first;
    const third = turns.run('k', loads.load);
    await settled();
    expect(loads.held).toHaveLength(2);
    loads.held[1]!.resolve(2);
    expect(await second).toEqual({ value: 2, isShared: false });
    await settled();
    loads.held[2]!.resolve(3);
    expect(await third).toEqual({ value: 3, isShared: false });
  });

  it('runs one load and queues one, for a thousand who ask', async () => {
    const [turns, loads] = [new Turns<number>(), new Loads()];
    const all = Array.from({ length: 1_000 }, () => turns.run('k', loads.load));
    loads.held[0]!.resolve(1);
    await all[0];
    await settled();
    loads.held[1]!.resolve(2);
    const values = (await Promise.all(all)).map(({ value }) => value);
    expect(values).toEqual([1, ...Array<number>(999).fill(2)]);
    expect(loads.held).toHaveLength(2);
  });

  it('goes on after a load that fails, which concerns only those who waited for it', async () => {
    const [turns, loads] = [new Turns<number>(), new Loads()];
    const first = turns.run('k', loads.load);
    const second = turns.run('k', loads.load);
    loads.held[0]!.reject(new Error('away'));
    await expect(first).rejects.toThrow('away');
    await settled();
    loads.held[1]!.resolve(2);
    expect((await second).value).toBe(2);
  });

  it('keeps keys apart', async () => {
    const [turns, loads] = [new Turns<number>(), new Loads()];
    const both = [turns.run('a', loads.load), turns.run('b', loads.load)];
    expect(loads.held).toHaveLength(2);
    for (const held of loads.held) held.resolve(1);
    await Promise.all(both);
  });
});
