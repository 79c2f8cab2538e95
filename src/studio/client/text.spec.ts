import { describe, expect, it } from '@jest/globals';
import { EditorState } from '@codemirror/state';
import fc from 'fast-check';
import { exactText } from './markdown-editor.js';
import { mergeStrings } from './text.js';
import { textsFor } from './texts.js';

const anyText = fc.string({ unit: fc.constantFrom('a', 'b', '\r', '\n', '한', '😀') });

describe('the text of the editor', () => {
  it('keeps every byte, whatever ends its lines', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const state = EditorState.create({ doc: text, extensions: exactText });
        expect(state.sliceDoc()).toBe(text);
      }),
    );
  });

  it('keeps what both tabs inserted, wherever it was', () => {
    fc.assert(
      fc.property(anyText, fc.nat(), fc.nat(), (base, i, j) => {
        const insert = (at: number, text: string): string => {
          const place = base.length === 0 ? 0 : at % base.length;
          return base.slice(0, place) + text + base.slice(place);
        };
        const merged = mergeStrings(base, insert(i, 'MINE'), insert(j, 'THEIRS'));
        expect(merged).toContain('MINE');
        expect(merged).toContain('THEIRS');
        expect(merged).toHaveLength(base.length + 'MINETHEIRS'.length);
      }),
    );
  });

  it('has every message in both languages', () => {
    const [en, ko] = [textsFor('en'), textsFor('ko')];
    expect(Object.keys(ko)).toEqual(Object.keys(en));
    expect([...Object.values(en), ...Object.values(ko)]).not.toContain('');
  });
});
