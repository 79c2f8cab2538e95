import type { Remarks } from '../remarks.js';

/** `import X from 'y'` and `export const z = …` at the start of a line, up to the empty line after it. */
const MODULE_CODE = /^(?:import\s+(?:[\w*{"'].*?from\s+)?["'][^"'\n]+["'];?|export\s+(?:const|let|default|function)\b[^\n]*(?:\n(?!\s*\n)[^\n]+)*)[^\S\n]*\n?/gm;
const COMPONENT = /<([A-Z][\w.]*)\b/g;
const CODE_BLOCKS = /(^(?:```+|~~~+)[\s\S]*?^(?:```+|~~~+)[^\n]*$)/m;

/** MDX as Markdown: its module code goes and is reported; the components are reported, what they enclose stays. */
export function withoutMdx(body: string, remarks: Remarks): string {
  const parts = body.split(CODE_BLOCKS);
  const names = new Set<string>();
  const kept = parts.map((part, index) => {
    // split() with a group alternates prose and code blocks.
    if (index % 2 === 1) return part;
    for (const [, name] of part.matchAll(COMPONENT)) names.add(name!);
    return part.replace(MODULE_CODE, (code) => {
      remarks.notKept('import or export of an .mdx file', code.split('\n', 1)[0]);
      return '';
    });
  });
  for (const name of names) remarks.notKept(`component <${name}>, of which the pages show only the text inside`);
  return kept.join('').replace(/^\n+/, '');
}
