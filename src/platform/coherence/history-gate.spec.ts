import { beforeEach, describe, expect, it } from '@jest/globals';
import { Coherence } from './coherence.js';
import { type DatabaseHistory, HistoryGate, HistoryRefused } from './history-gate.js';

const history = (epoch: string, more: Partial<DatabaseHistory> = {}): DatabaseHistory => ({
  epoch,
  system: 'a',
  timeline: 1,
  walBytes: 0,
  ...more,
});

describe('HistoryGate', () => {
  let gate: HistoryGate;
  let begun: string[];

  beforeEach(() => {
    gate = new HistoryGate(new Coherence(400));
    begun = [];
    gate.onBegin((epoch) => begun.push(epoch));
    gate.enter(history('first'));
  });

  it('tells everything that remembers, once for each history', () => {
    gate.enter(history('first'));
    gate.enter(history('second', { timeline: 2 }));
    expect(begun).toEqual(['first', 'second']);
    expect(gate.epoch).toBe('second');
  });

  it('tells a latecomer of the history that has begun', () => {
    const heard: string[] = [];
    gate.onBegin((epoch) => heard.push(epoch));
    expect(heard).toEqual(['first']);
  });

  it('does not go back to a history that it has left', () => {
    gate.enter(history('second'));
    expect(() => gate.enter(history('first'))).toThrow(HistoryRefused);
    expect(gate.epoch).toBe('second');
  });

  it('refuses a lower timeline of a server, and not that of another server', () => {
    gate.enter(history('promoted', { timeline: 3 }));
    expect(() => gate.enter(history('started again', { timeline: 2 }))).toThrow(/timeline 2.*timeline 3/);
    gate.enter(history('another', { system: 'b', timeline: 1 }));
    expect(gate.epoch).toBe('another');
  });

  it('forgets everything within a history when it is told to', () => {
    gate.beginAgain();
    expect(begun).toEqual(['first', 'first']);
  });
});
