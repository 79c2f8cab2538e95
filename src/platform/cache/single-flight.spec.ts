import { describe, expect, it } from '@jest/globals';
import { SingleFlight } from './single-flight.js';

const pending = <T>() => Promise.withResolvers<T>();

describe('SingleFlight', () => {
  it('runs one load for a thousand callers', async () => {
    const flights = new SingleFlight<number>();
    let loads = 0;
    const load = async (): Promise<number> => ++loads;
    const landings = await Promise.all(Array.from({ length: 1000 }, () => flights.run('k', load)));
    expect(loads).toBe(1);
    expect(landings.filter((landing) => !landing.isShared)).toHaveLength(1);
    expect(flights.size).toBe(0);
  });

  it('gives a failure to everybody who waited and lets the next caller load', async () => {
    const flights = new SingleFlight<number>();
    const fail = (): Promise<number> => Promise.reject(new Error('down'));
    const results = await Promise.allSettled([flights.run('k', fail), flights.run('k', fail)]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
    await expect(flights.run('k', async () => 7)).resolves.toMatchObject({ value: 7 });
  });

  it('lets nobody join a load that an invalidation overtook', async () => {
    const flights = new SingleFlight<string>();
    const old = pending<string>();
    const first = flights.run('k', () => old.promise);
    flights.fence();
    const second = flights.run('k', async () => 'new');
    old.resolve('old');
    await expect(first).resolves.toEqual({ value: 'old', isShared: false });
    await expect(second).resolves.toEqual({ value: 'new', isShared: false });
  });

  it('keeps the newer flight when the detached one lands', async () => {
    const flights = new SingleFlight<string>();
    const [old, young] = [pending<string>(), pending<string>()];
    const first = flights.run('k', () => old.promise);
    flights.fence();
    const second = flights.run('k', () => young.promise);
    old.resolve('old');
    await first;
    const third = flights.run('k', async () => 'not run');
    young.resolve('young');
    await expect(second).resolves.toMatchObject({ value: 'young' });
    await expect(third).resolves.toMatchObject({ value: 'young', isShared: true });
  });
});
