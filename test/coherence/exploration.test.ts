import { describe, expect, it } from '@jest/globals';
import { explore } from './exploration/exploration.js';
import type { Limits, Protection } from './exploration/world.js';

const ONE_WRITE: Limits = { writes: 1, ticks: 3, polls: 1, loads: 1, crashes: 0 };
const TWO_WRITES: Limits = { ...ONE_WRITE, writes: 2, ticks: 2 };
const TWO_POLLS: Limits = { ...ONE_WRITE, writes: 2, polls: 2, loads: 0 };
const A_CRASH: Limits = { ...ONE_WRITE, polls: 2, crashes: 1 };
const A_WRITE_AFTER_A_CRASH: Limits = { ...ONE_WRITE, writes: 2, crashes: 1 };

describe('the protocol, in every order of events', () => {
  it.each([
    ['one write', ONE_WRITE],
    ['two writes', TWO_WRITES],
    ['a crash of PostgreSQL', A_CRASH],
  ])('serves nothing from before an answered write: %s', (_, limits) => {
    const { worlds, violation } = explore(limits);
    expect(violation).toBeUndefined();
    expect(worlds).toBeGreaterThan(5_000);
  });

  it.each<[Protection, Limits, string[]]>([
    ['wait for acknowledgements', ONE_WRITE, []],
    ['lease', ONE_WRITE, []],
    ['snapshot check when storing', ONE_WRITE, []],
    ['registration before the poll', ONE_WRITE, []],
    ['difference by snapshot', TWO_POLLS, []],
    ['age of the history', A_CRASH, []],
    ['epoch', A_WRITE_AFTER_A_CRASH, ['write', 'abort 0', 'load', 'crash']],
  ])('would serve it without: %s', (protection, limits, start) => {
    expect(explore(limits, protection, start).violation).toBeDefined();
  });
});
