/** The backgrounds of pages, as in styles/base.css. */
const PAPER = { light: '#fdfcfa', dark: '#191816' } as const;
/** WCAG 2.2, 1.4.3 asks for 4.5. Thin letters on a dark background need more. */
const LEAST_CONTRAST = { light: 4.6, dark: 6.5 } as const;
const STEPS = 100;

type Rgb = readonly [number, number, number];

const rgbOf = (color: string): Rgb => {
  const channel = (at: number): number => Number.parseInt(color.slice(at, at + 2), 16);
  return [channel(1), channel(3), channel(5)];
};

const hexOf = (rgb: Rgb): string =>
  `#${rgb.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`;

/** Relative luminance, from 0 to 1 (WCAG 2.2). */
function luminance(color: string): number {
  const [red, green, blue] = rgbOf(color).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The contrast ratio of two colours, from 1 to 21 (WCAG 2.2). */
export function contrast(one: string, other: string): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

/** @param share from 0, the colour itself, to 1 */
const mixed = (color: string, into: string, share: number): string => {
  const [from, to] = [rgbOf(color), rgbOf(into)];
  return hexOf(from.map((channel, at) => channel + (to[at]! - channel) * share) as unknown as Rgb);
};

/** The colour itself if it can be read on this background, or the nearest mixture that can. */
function readable(color: string, on: 'light' | 'dark', extreme: string): string {
  for (let step = 0; step < STEPS; step += 1) {
    const shade = mixed(color, extreme, step / STEPS);
    if (contrast(shade, PAPER[on]) >= LEAST_CONTRAST[on]) return shade;
  }
  return extreme;
}

/** A darker shade for light pages and a lighter one for dark pages, in which text can be read. @param accent `#rrggbb` */
export const accentShades = (accent: string): { light: string; dark: string } => ({
  light: readable(accent, 'light', '#000000'),
  dark: readable(accent, 'dark', '#ffffff'),
});
