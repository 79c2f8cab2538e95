import type { Remarks } from '../remarks.js';

const HIGHLIGHT =
  /\{%-?\s*highlight\s+(\S+)[^%]*%\}[^\S\n]*\n?([\s\S]*?)\n?[^\S\n]*\{%-?\s*endhighlight\s*-?%\}/g;
const RAW = /\{%-?\s*(?:end)?raw\s*-?%\}/g;
const TAG = /\{%-?\s*([a-z_]+)[^%]*%\}/g;
const OUTPUT = /\{\{[^{}]*\}\}/g;

/** Removes code blocks and code spans, in which template code is only an example. */
const withoutCode = (body: string): string =>
  body.replace(/^(```+|~~~+)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '');

/**
 * Converts Jekyll's template language: highlighted code becomes a code block. Everything else stays as text and is
 * reported.
 */
export function withoutLiquid(body: string, remarks: Remarks): string {
  if (!body.includes('{%') && !body.includes('{{')) return body;
  const markdown = body
    .replace(HIGHLIGHT, (_, language: string, code: string) => `\`\`\`${language}\n${code}\n\`\`\``)
    .replace(RAW, '');
  const prose = withoutCode(markdown);
  for (const [, tag] of new Set(prose.matchAll(TAG))) {
    if (!tag!.startsWith('end')) remarks.notKept(`Liquid tag {% ${tag} %}, which stays as text`);
  }
  const output = prose.match(OUTPUT);
  if (output !== null && !RAW.test(body))
    remarks.notKept('Liquid output {{ }}, which stays as text', output[0]);
  return markdown;
}
