import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { accentShades } from './accent-shades.js';

const css = readFileSync(new URL('./site.css', import.meta.url), 'utf8');
const version = createHash('sha256').update(css).digest('base64url').slice(0, 10);

export const STYLESHEET_PATH = '/blog/assets/site.css';

/**
 * The address of the style sheet for an accent colour. It names everything that the style sheet is made of, so that it
 * can be kept for ever, and so that a process that does not know a new setting yet cannot answer it with the old one.
 * @param accent `#rrggbb`
 */
export const stylesheetHref = (accent: string): string =>
  `${STYLESHEET_PATH}?v=${version}&accent=${accent.slice(1)}`;

interface StylesheetQuery {
  readonly v?: string | undefined;
  /** `rrggbb` */
  readonly accent?: string | undefined;
}

/** @returns the style sheet, and whether it is the one that the address names: another build may have other styles */
export function stylesheet({ v, accent }: StylesheetQuery): { css: string; isNamed: boolean } {
  if (accent === undefined) return { css, isNamed: v === version };
  const { light, dark } = accentShades(`#${accent}`);
  const colors = `\n:root{--accent:${light}}\n@media (prefers-color-scheme:dark){:root{--accent:${dark}}}\n`;
  return { css: css + colors, isNamed: v === version };
}
