import { describe, expect, it } from '@jest/globals';
import { CircuitBreaker } from './circuit-breaker.js';

const fail = (): Promise<never> => Promise.reject(new Error('down'));
const ignore = (): void => undefined;

describe('CircuitBreaker', () => {
  it('opens after so many failures in a row, and then calls no more', async () => {
    const breaker = new CircuitBreaker({ failures: 3, openMs: 1000, now: () => 0 });
    let calls = 0;
    for (let i = 0; i < 10; i += 1) await breaker.run(() => (calls++, fail()), ignore);
    expect(calls).toBe(3);
    expect(breaker.state).toBe('open');
  });

  it('lets one probe through when its time is over, and closes when it succeeds', async () => {
    let nowMs = 0;
    const breaker = new CircuitBreaker({ failures: 1, openMs: 1000, now: () => nowMs });
    await breaker.run(fail, ignore);
    nowMs = 1001;
    const probe = Promise.withResolvers<string>();
    const first = breaker.run(() => probe.promise, ignore);
    await expect(breaker.run(async () => 'second', ignore)).resolves.toBeUndefined();
    probe.resolve('up');
    await expect(first).resolves.toBe('up');
    expect(breaker.state).toBe('closed');
  });

  it('stays open for another period when the probe fails', async () => {
    let nowMs = 0;
    const breaker = new CircuitBreaker({ failures: 1, openMs: 1000, now: () => nowMs });
    await breaker.run(fail, ignore);
    nowMs = 1001;
    await breaker.run(fail, ignore);
    nowMs = 1900;
    expect(breaker.state).toBe('open');
  });
});
