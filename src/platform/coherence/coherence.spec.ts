<<<<<<< HEAD
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Coherence, type Provenance } from './coherence.js';
import { parseSnapshot } from './snapshot.js';

const read = (tags: string[], snapshot: string, more: Partial<Provenance> = {}): Provenance => ({
  tags,
  snapshot: parseSnapshot(snapshot),
  epoch: 'e1',
  ...more,
});

describe('isCurrent, of an answer made of several reads', () => {
  let coherence: Coherence;

  beforeEach(() => {
    coherence = new Coherence(400);
    coherence.begin('e1');
    coherence.renewed(coherence.sendingRenewal(), parseSnapshot('10:10:'), 1);
    coherence.record(15, ['author:1']);
  });

  it('holds when all of them are current', () => {
    const inputs = [read(['author:1'], '16:16:'), read(['author:2'], '12:12:')];
    expect(coherence.isCurrent(read(['posts'], '20:20:', { inputs }))).toBe(true);
  });

  it('does not hold when an older input has changed since, however new the rest is', () => {
    const inputs = [read(['author:2'], '20:20:'), read(['author:1'], '15:15:')];
    expect(coherence.isCurrent(read(['posts'], '20:20:', { inputs }))).toBe(false);
  });

  it('does not hold when an input comes from another history, or from none', () => {
    for (const epoch of ['e0', '']) {
      const inputs = [read(['author:2'], '20:20:', { epoch })];
      expect(coherence.isCurrent(read(['posts'], '20:20:', { inputs }))).toBe(false);
    }
  });

  it('does not hold when an input of an input has changed', () => {
    const inner = read(['author:1'], '15:15:');
    const inputs = [read(['author:2'], '20:20:', { inputs: [inner] })];
    expect(coherence.isCurrent(read(['posts'], '20:20:', { inputs }))).toBe(false);
=======
import { describe, expect, it } from '@jest/globals';
import { explore, type Limits, type Protection } from './exploration.js';

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
>>>>>>> 3738982 (Explore the protocol in every order of events, and without each protection)
  });
});
