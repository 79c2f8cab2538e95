import { html, type Html } from '../../platform/markup/html.js';

const WIDTH = 600;
const HEIGHT = 90;

/** One value a minute; null where there is nothing to show. */
type Series = readonly (number | null)[];

/** Lines with a gap wherever a value is missing. A single value becomes a short stroke, so that it can be seen. */
function pathOf(values: Series, max: number): string {
  const step = WIDTH / values.length;
  let path = '';
  let isDrawing = false;
  for (const [at, value] of values.entries()) {
    if (value === null) {
      isDrawing = false;
      continue;
    }
    const y = (HEIGHT - (Math.min(value, max) / max) * HEIGHT).toFixed(1);
    path += isDrawing
      ? `L${((at + 0.5) * step).toFixed(1)} ${y}`
      : `M${(at * step).toFixed(1)} ${y}L${((at + 0.5) * step).toFixed(1)} ${y}`;
    isDrawing = true;
  }
  return path;
}

/**
 * A plot without a script. Its looks come from the style sheet.
 * @param label says in words what it shows
 * @param lines the values by the class of their line
 * @param max the value at the upper edge
 */
export const plot = (label: string, lines: Readonly<Record<string, Series>>, max: number): Html =>
  html`<svg class="plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}">
    <line class="grid" x1="0" x2="${WIDTH}" y1="${HEIGHT / 2}" y2="${HEIGHT / 2}" />
    ${Object.entries(lines).map(
      ([name, values]) => html`<path class="${name}" d="${pathOf(values, max)}" />`,
    )}
  </svg>`;
