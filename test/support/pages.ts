import { readFileSync } from 'node:fs';

/** Fenced code blocks of a language in a text, without the indentation of lists. */
export const blocksOf = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([^]*?)\`\`\``, 'gm'))].map(([, indent, block]) =>
    block!.replaceAll(new RegExp(`^${indent}`, 'gm'), '').trim(),
  );

/** The text under a heading of a page, up to the next heading. @throws if there is no such heading */
export function sectionOf(page: string, heading: string): string {
  const [, ...rest] = `\n${readFileSync(page, 'utf8')}`.split(new RegExp(`\\n#+ ${heading}\\n`));
  if (rest.length !== 1) throw new Error(`${page} has no heading "${heading}", or several`);
  return rest[0]!.split(/\n#+ /)[0]!;
}
