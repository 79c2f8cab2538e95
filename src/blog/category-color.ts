import { createHash } from 'node:crypto';

const SATURATION = 0.65;
/** WCAG 2.2 AA for text: white on the colour, or the colour on white. */
const MIN_CONTRAST = 4.5;

type Rgb = readonly [number, number, number];

/** @param hue in degrees @returns parts between 0 and 1 */
function rgbOf(hue: number, saturation: number, lightness: number): Rgb {
  const chroma = saturation * Math.min(lightness, 1 - lightness);
  const part = (offset: number): number => {
    const k = (offset + hue / 30) % 12;
    return lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1));
  };
  return [part(0), part(8), part(4)];
}

const linear = (part: number): number => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);

/** The contrast ratio against white: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio. */
export function contrastWithWhite([red, green, blue]: Rgb): number {
  return 1.05 / (0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue) + 0.05);
}

const hex = (part: number): string =>
  Math.round(part * 255)
    .toString(16)
    .padStart(2, '0');

/**
 * The colour of a category. It is always the same for a name, and readable on white and under white.
 * @returns `#rrggbb`
 */
export function categoryColor(name: string): string {
  const hue = createHash('sha256').update(name.toLowerCase()).digest().readUInt16BE() % 360;
  let lightness = 0.45;
  // Yellow and green look brighter than a blue of the same lightness.
  while (contrastWithWhite(rgbOf(hue, SATURATION, lightness)) < MIN_CONTRAST + 0.1) lightness -= 0.01;
  return `#${rgbOf(hue, SATURATION, lightness).map(hex).join('')}`;
}
