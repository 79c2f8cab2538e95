import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { normalise } from './normalise.js';

const FORMS = ['NFC', 'NFD', 'NFKC', 'NFKD'] as const;
/** Two marks of different classes, in the wrong order each time, so that they must be sorted. */
const alternating = (length: number): string => `a${'\u0300\u0323'.repeat(length / 2)}`;
const MARKS = ['\u0300', '\u0323', '\u0344', '\u034f', '\u3099', '\u0f73'];

describe('normalise', () => {
  it('does to what people write what Unicode says', () => {
    const texts = ['Ａ ﬁ ½', 'Việt Nam', '한국어', 'ｶﾞ', 'नि', `x${'\u0301'.repeat(30)}`];
    for (const form of FORMS) {
      for (const text of texts) {
        expect(normalise(text.normalize('NFD'), form)).toBe(text.normalize('NFD').normalize(form));
      }
    }
  });

  it('takes time that grows with the length: a whole post of alternating marks', () => {
    const text = alternating(200_000);
    const before = process.cpuUsage();
    for (const form of FORMS) normalise(text, form);
    // Without a limit, one form takes more than ten seconds.
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(2_000);
  });

  it('parts a longer run with U+034F, and loses no mark', () => {
    const parted = normalise(`x${'\u0301'.repeat(70)}`, 'NFC');
    expect(parted.split('\u034f').map((part) => part.length)).toEqual([31, 30, 10]);
  });

  it('leaves alone what it gave', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'e', ...MARKS), maxLength: 300 });
    fc.assert(
      fc.property(text, fc.constantFrom(...FORMS), (given, form) => {
        const once = normalise(given, form);
        return normalise(once, form) === once;
      }),
    );
  });
});
