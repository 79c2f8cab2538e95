import { describe, expect, it } from '@jest/globals';
import { nextDelaySeconds } from './delivery-schedule.js';

const DAY = 24 * 3600;

/** The times of the attempts in seconds after the first, if all of them fail at once. */
function attemptTimes(random: number): number[] {
  const times = [0];
  for (;;) {
    const ageSeconds = times.at(-1)!;
    const delay = nextDelaySeconds({ attempts: times.length, ageSeconds }, random);
    if (delay === null) return times;
    times.push(ageSeconds + delay);
  }
}

describe('nextDelaySeconds', () => {
  it('doubles from 5 seconds to 6 hours, and tries a last time after 24 hours', () => {
    const times = attemptTimes(0.5);
    const delays = times.slice(1).map((time, index) => time - times[index]!);
    expect(delays.slice(0, 6)).toEqual([5, 10, 20, 40, 80, 160]);
    expect(Math.max(...delays)).toBe(6 * 3600);
    expect(times.at(-1)).toBe(DAY);
    expect(times.length).toBe(17);
  });

  it.each([0, 0.25, 0.75, 0.999_999])('ends after 24 hours with the jitter %d too', (random) => {
    const times = attemptTimes(random);
    expect(times.at(-1)).toBe(DAY);
    expect(times.length).toBeLessThan(20);
  });

  it('jitters each delay by up to a fifth', () => {
    const at = (random: number) => nextDelaySeconds({ attempts: 3, ageSeconds: 15 }, random);
    expect(at(0)).toBeCloseTo(16);
    expect(at(1)).toBeCloseTo(24);
  });

  it('waits longer when it is asked to, but not for more than an hour', () => {
    const after = (retryAfterSeconds: number) =>
      nextDelaySeconds({ attempts: 1, ageSeconds: 0, retryAfterSeconds }, 0.5);
    expect([after(1), after(60), after(999_999)]).toEqual([5, 60, 3600]);
  });

  it('gives up what is a day old', () => {
    expect(nextDelaySeconds({ attempts: 2, ageSeconds: DAY })).toBeNull();
  });
});
