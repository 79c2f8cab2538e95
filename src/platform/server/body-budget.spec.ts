import { describe, expect, it } from '@jest/globals';
import { BodyBudget } from './body-budget.js';

const MIB = 1024 * 1024;

describe('BodyBudget', () => {
  it('gives one network half of the room, and gives back what it took', () => {
    const budget = new BodyBudget();
    const release = budget.reserve(3 * MIB, 'a');
    budget.reserve(3 * MIB, 'a');
    expect(() => budget.reserve(MIB, 'a')).toThrow('Too many large bodies');
    release!();
    expect(budget.reserve(3 * MIB, 'a')).toBeDefined();
  });

  it('keeps to its total, whoever asks', () => {
    const budget = new BodyBudget();
    for (const network of ['a', 'b', 'c', 'd']) budget.reserve(3 * MIB, network);
    expect(() => budget.reserve(MIB, 'e')).toThrow('Too many large bodies');
  });

  it('does not count small bodies', () => {
    const budget = new BodyBudget();
    for (const network of ['a', 'b', 'c', 'd']) budget.reserve(3 * MIB, network);
    expect(budget.reserve(32 * 1024, 'e')).toBeUndefined();
  });
});
