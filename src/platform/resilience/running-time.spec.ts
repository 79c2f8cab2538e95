import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RunningTime } from './running-time.js';

let nowMs: number;
let time: RunningTime;
beforeEach(() => {
  nowMs = 1_000;
  time = new RunningTime(() => nowMs);
});
afterEach(() => time.stop());

/** Fires the timer every 20 ms, each time `lateMs` too late. */
function run(ticks: number, lateMs: number): void {
  for (let i = 0; i < ticks; i += 1) {
    nowMs += 20 + lateMs;
    time.tick();
  }
}

describe('RunningTime', () => {
  it('counts all of the time of a process whose timers come when they are due', () => {
    const look = time.begin();
    run(50, 1);
    expect(look()).toEqual({ elapsedMs: 1_050, ranMs: 1_050, isStarved: false });
  });

  it('takes away what its timers were late by', () => {
    const look = time.begin();
    run(10, 80);
    expect(look()).toEqual({ elapsedMs: 1_000, ranMs: 200, isStarved: true });
  });

  it('counts a timer that is due and has not come: whoever asks may be the first to run again', () => {
    const look = time.begin();
    nowMs += 520;
    expect(look()).toEqual({ elapsedMs: 520, ranMs: 20, isStarved: true });
    time.tick();
    expect(look()).toEqual({ elapsedMs: 520, ranMs: 20, isStarved: true });
  });

  it('counts nothing that was lost before', () => {
    run(10, 80);
    nowMs += 300;
    const look = time.begin();
    time.tick();
    run(10, 0);
    expect(look()).toEqual({ elapsedMs: 200, ranMs: 200, isStarved: false });
  });

  it('is not starved by one pause in a long stretch', () => {
    const look = time.begin();
    run(1, 100);
    run(100, 0);
    expect(look().isStarved).toBe(false);
  });
});
