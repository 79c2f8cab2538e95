import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { searchQuery, searchTokens } from './search-tokens.js';

/** Matches like PostgreSQL, for tests of the tokens alone. */
function finds(q: string, text: string): boolean {
  const tokens = searchTokens(text);
  return (searchQuery(q) ?? "'\0'")
    .split(' & ')
    .map((lexeme) => ({ token: lexeme.replace(/^'|'(:\*)?$/g, ''), isPrefix: lexeme.endsWith('*') }))
    .every(({ token, isPrefix }) =>
      tokens.some((known) => (isPrefix ? known.startsWith(token) : known === token)),
    );
}

describe('searchTokens', () => {
  it('takes words as they are, without case, accents, width and punctuation', () => {
    expect(searchTokens('Café, ＮＡÏＶＥ — Straße_2!')).toEqual(['cafe', 'naive', 'straße', '2']);
  });

  it('takes Korean, Chinese and Japanese in pairs, and the last character alone', () => {
    expect(searchTokens('한국어를 배우다')).toEqual(['한국', '국어', '어를', '를', '배우', '우다', '다']);
    expect(searchTokens('東京')).toEqual(['東京', '京']);
  });

  it('parts a word from the particle of another script', () => {
    expect(searchTokens('PostgreSQL을')).toEqual(['postgresql', '을']);
  });

  it('indexes what fits into a tsvector of 200,000 different Korean characters and pairs', () => {
    const text = Array.from({ length: 200_000 }, (_, i) =>
      String.fromCharCode(0xac00 + ((i * 7919) % 11_172), 0xac00 + ((i * 104_729 + (i >> 5)) % 11_172)),
    ).join('');
    const tokens = searchTokens('제목', text);
    expect(tokens[0]).toBe('제목');
    expect(Buffer.byteLength(tokens.join(''))).toBeLessThanOrEqual(500_000);
    expect(tokens.length).toBeGreaterThan(50_000);
  });

  it('cuts a word of 100,000 letters', () => {
    expect(searchTokens('a'.repeat(100_000))).toEqual(['a'.repeat(40)]);
  });
});

describe('searchQuery', () => {
  it.each([
    ['한국', '한국어를 배우다'],
    ['국어', '한국어를 배우다'],
    ['한국어', '한국어를 배우다'],
    ['를', '한국어를 배우다'],
    ['데이터베이스', '관계형데이터베이스의 구조'],
    ['京都', '東京都'],
    ['テスト', 'ﾃｽﾄを書く'],
    ['post', 'PostgreSQL is fast'],
    ['fast POSTGRES', 'PostgreSQL is fast'],
    ['ΟΔΟΣ', 'η οδός'],
    ['елка', 'Ёлка'],
    ['ไทย', 'ภาษาไทย'],
    ['c', 'C is a language'],
    ["don't", 'Don’t panic'],
  ])('finds %s in %s', (q, text) => {
    expect(finds(q, text)).toBe(true);
  });

  it.each([
    ['국한', '한국어를 배우다'],
    ['gres', 'PostgreSQL is fast'],
    ['c', 'Caml is a language'],
    ['fast slow', 'PostgreSQL is fast'],
  ])('does not find %s in %s', (q, text) => {
    expect(finds(q, text)).toBe(false);
  });

  it.each(['', '  ', '!?', '()&|:*', "''"])('looks for nothing in %j', (q) => {
    expect(searchQuery(q)).toBeNull();
  });

  it('is made of quoted letters, marks and digits alone, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (q) => {
        expect(searchQuery(q) ?? "'a'").toMatch(
          /^'[\p{L}\p{M}\p{N}]+'(:\*)?( & '[\p{L}\p{M}\p{N}]+'(:\*)?)*$/u,
        );
      }),
    );
  });

  it('finds every text by any of its words', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), { minLength: 1 }),
        (words) => {
          const text = words.join(' ');
          for (const word of words.filter((each) => searchQuery(each) !== null))
            expect(finds(word, text)).toBe(true);
        },
      ),
    );
  });
});
