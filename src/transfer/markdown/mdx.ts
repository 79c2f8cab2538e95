import type { Remarks } from '../remarks.js';

/** `import X from 'y'` and `export const z = …` at the start of a line, up to the next empty line. */
const MODULE_CODE =
  /^(?:import\s+(?:[\w*{"'].*?from\s+)?["'][^"'\n]+["'];?|export\s+(?:const|let|default|function)\b[^\n]*(?:\n(?!\s*\n)[^\n]+)*)[^\S\n]*\n?/gm;
const CODE_BLOCKS = /(^(?:```+|~~~+)[\s\S]*?^(?:```+|~~~+)[^\n]*$)/m;

/**
 * Converts MDX to Markdown. Module code is removed and reported. Components are elements that no page can show: see
 * kept-html.ts.
 */
export function withoutMdx(body: string, remarks: Remarks): string {
  const parts = body.split(CODE_BLOCKS);
  const kept = parts.map((part, index) => {
    // split() with a group alternates between prose and code blocks.
    if (index % 2 === 1) return part;
    return part.replace(MODULE_CODE, (code) => {
      remarks.notKept('import or export of an .mdx file', code.split('\n', 1)[0]);
      return '';
    });
  });
  return kept.join('').replace(/^\n+/, '');
}
