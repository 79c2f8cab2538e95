import { describe, expect, it } from '@jest/globals';
import { CATALOGUE } from './texts.js';

describe('the texts of the editor', () => {
  it('are complete in both languages', () => {
    const { en, ko } = CATALOGUE;
    const kinds = (texts: object) =>
      Object.entries(texts)
        .map(([key, text]) => [key, typeof text])
        .toSorted();
    expect(kinds(ko)).toEqual(kinds(en));
    for (const text of [...Object.values(en), ...Object.values(ko)]) expect(text).not.toBe('');
    const sentences = Object.values(ko).filter((text) => typeof text === 'string');
    for (const sentence of sentences) expect(sentence).toMatch(/[가-힣]/);
  });
});
