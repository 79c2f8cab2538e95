import { stylesheet } from './stylesheet.js';
import { accentShades } from './accent-shades.js';

/**
 * The address of the style sheet with an accent colour. It names everything that the style sheet is made of, so that it
 * can be kept for ever, and so that a process that does not know a new setting yet cannot answer it with the old one.
 * @param accent `#rrggbb`
 */
export const stylesheetHref = (accent: string): string => `${stylesheet.href}&accent=${accent.slice(1)}`;

interface NamedStylesheet {
  readonly v?: string | undefined;
  /** `rrggbb` */
  readonly accent?: string | undefined;
}

/** @returns the style sheet, and whether it is the one that the address names: another build may have other styles */
export function accentedStylesheet({ v, accent }: NamedStylesheet): { css: string; isNamed: boolean } {
  const { css, version } = stylesheet;
  const isNamed = v === version;
  if (accent === undefined) return { css, isNamed };
  const { light, dark } = accentShades(`#${accent}`);
  const colors = `
:root{--accent:${light};--on-accent:#fff}
@media (prefers-color-scheme:dark){:root{--accent:${dark};--on-accent:#0d0d0d}}
`;
  return { css: css + colors, isNamed };
}
