import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EMPTY_TEXT, mergeTexts } from './text.js';

const anyText = fc.string({ unit: fc.constantFrom('a', 'b', '\r', '\n', '한', '😀') });

describe('mergeTexts', () => {
  it('keeps what both tabs inserted, wherever it was', () => {
    fc.assert(
      fc.property(anyText, fc.nat(), fc.nat(), (base, i, j) => {
        const inserted = (at: number, text: string) => {
          const place = base.length === 0 ? 0 : at % base.length;
          return { ...EMPTY_TEXT, content: base.slice(0, place) + text + base.slice(place) };
        };
        const before = { ...EMPTY_TEXT, content: base };
        const { content } = mergeTexts(before, inserted(i, 'MINE'), inserted(j, 'THEIRS'));
        expect(content).toContain('MINE');
        expect(content).toContain('THEIRS');
        expect(content).toHaveLength(base.length + 'MINETHEIRS'.length);
      }),
    );
  });
});
