import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { accentShades, contrast } from './accent-shades.js';

const color = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);

describe('accentShades', () => {
  it('can be read on light and on dark pages, whatever the colour', () => {
    fc.assert(
      fc.property(color, (accent) => {
        const { light, dark } = accentShades(accent);
        expect(contrast(light, '#fdfcfa')).toBeGreaterThanOrEqual(4.5);
        expect(contrast(dark, '#191816')).toBeGreaterThanOrEqual(4.5);
      }),
    );
  });

  it('leaves a colour alone that can be read already', () => {
    expect(accentShades('#1f5fae').light).toBe('#1f5fae');
    expect(accentShades('#8ab6ee').dark).toBe('#8ab6ee');
  });

  it('knows the backgrounds of the style sheet', () => {
    const css = readFileSync('src/platform/pages/styles/base.css', 'utf8');
    expect([...css.matchAll(/--paper: (#[0-9a-f]{6})/g)].map(([, paper]) => paper)).toEqual([
      '#fdfcfa',
      '#191816',
    ]);
  });
});

describe('contrast', () => {
  it('is that of WCAG', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });
});
