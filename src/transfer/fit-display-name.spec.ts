import { describe, expect, it } from '@jest/globals';
import { fitDisplayName } from './fit-display-name.js';

describe('fitDisplayName', () => {
  it.each([
    ['Ada Lovelace', 'Ada Lovelace'],
    [' Ada\n\tLovelace\0', 'Ada Lovelace'],
    ['a'.repeat(300), 'a'.repeat(100)],
    [`${'a'.repeat(99)}🚀`, 'a'.repeat(99)],
    ['', ''],
  ])('makes of %j a name that the API would take', (name, fitted) => {
    expect(fitDisplayName(name)).toBe(fitted);
  });
});
