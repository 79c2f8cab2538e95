import { describe, expect, it } from '@jest/globals';
import { categoryColor, contrastWithWhite } from './category-color.js';

const parts = (color: string) => {
  const [red, green, blue] = color.match(/[0-9a-f]{2}/g)!.map((part) => parseInt(part, 16) / 255);
  return [red!, green!, blue!] as const;
};

describe('categoryColor', () => {
  it('is always the same for a name, in whatever case', () => {
    expect(categoryColor('Travel')).toBe(categoryColor('travel'));
    expect(categoryColor('Travel')).toMatch(/^#[0-9a-f]{6}$/);
  });

  it('tells names apart and can be read on white', () => {
    const colors = Array.from({ length: 1000 }, (_, i) => categoryColor(`Category ${i}`));
    expect(new Set(colors).size).toBeGreaterThan(250);
    expect(Math.min(...colors.map((color) => contrastWithWhite(parts(color))))).toBeGreaterThanOrEqual(4.5);
  });
});
