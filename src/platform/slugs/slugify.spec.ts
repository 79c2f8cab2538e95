import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { slugify } from './slugify.js';

describe('slugify', () => {
  it.each([
    ['Hello, World!', 'hello-world'],
    ['안녕 세계', 'annyeong-segye'],
    ['Ελληνικός τίτλος', 'ellinikos-titlos'],
    ['Привет, мир!', 'privet-mir'],
    ['你好世界', 'nihaoshijie'],
    ['🚀 Launch 🎉', 'rocket-launch-tada'],
    ['Crème brûlée', 'creme-brulee'],
    ['Don’t panic', 'dont-panic'],
    ['C++ & C#', 'c-plus-plus-and-c-sharp'],
    ['1984', 'post-1984'],
    ['١٩٨٤', 'post-1984'],
    ['!!!', 'post'],
  ])('makes of %j the slug %s', (title, slug) => {
    expect(slugify(title)).toBe(slug);
  });

  it('gives the same slug to the composed and the decomposed form of a title', () => {
    expect(slugify('한글'.normalize('NFD'))).toBe(slugify('한글'));
  });

  it('ends a long slug with a whole word', () => {
    expect(slugify('word '.repeat(50))).toBe(Array.from({ length: 20 }, () => 'word').join('-'));
  });

  it('leads the slug of a name of digits with the kind of thing it names', () => {
    expect(slugify('2024', 'category')).toBe('category-2024');
  });

  it('gives every text a slug of 1–100 characters that is not a number and that it leaves as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (title) => {
        const slug = slugify(title);
        expect(slug).toMatch(/^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(slug.length).toBeLessThanOrEqual(100);
        expect(slugify(slug)).toBe(slug);
      }),
    );
  });
});
