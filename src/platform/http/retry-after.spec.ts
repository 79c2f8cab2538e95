import { describe, expect, it } from '@jest/globals';
import { retryAfterSeconds } from './retry-after.js';

const NOW = Date.parse('2026-11-22T12:00:00Z');

describe('retryAfterSeconds', () => {
  it.each([
    ['120', 120],
    ['0', 0],
    ['Sun, 22 Nov 2026 12:01:30 GMT', 90],
    ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
  ])('understands %j', (text, seconds) => {
    expect(retryAfterSeconds({ 'retry-after': text }, NOW)).toBe(seconds);
  });

  it.each(['', ' ', 'soon', '-5', '9'.repeat(400)])('ignores %j', (text) => {
    expect(retryAfterSeconds({ 'retry-after': text }, NOW)).toBeUndefined();
  });

  it('says nothing of an answer without it', () => {
    expect(retryAfterSeconds({}, NOW)).toBeUndefined();
  });
});
