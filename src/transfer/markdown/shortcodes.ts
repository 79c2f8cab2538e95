import type { Remarks } from '../remarks.js';

const HIGHLIGHT =
  /\{\{[<%]\s*highlight\s+(\S+)[^>%]*[>%]\}\}[^\S\n]*\n?([\s\S]*?)\n?\{\{[<%]\s*\/\s*highlight\s*[>%]\}\}/g;
const FIGURE = /\{\{[<%]\s*figure\s+([^>%]*?)\/?\s*[>%]\}\}/g;
const SHORTCODE = /\{\{[<%]-?\s*([\w./-]+)/g;

const attribute = (text: string, name: string): string | undefined =>
  new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|(\\S+))`)
    .exec(text)
    ?.slice(1)
    .find((value) => value !== undefined);

function image(attributes: string): string | undefined {
  const source = attribute(attributes, 'src');
  if (source === undefined) return undefined;
  return `![${attribute(attributes, 'alt') ?? attribute(attributes, 'caption') ?? ''}](${source.replace(/ /g, '%20')})`;
}

/**
 * Converts Hugo's shortcodes for highlighted code and figures, which have an equivalent in Markdown. All others stay as
 * text and are reported.
 */
export function withoutShortcodes(body: string, remarks: Remarks): string {
  if (!body.includes('{{<') && !body.includes('{{%')) return body;
  const markdown = body
    .replace(HIGHLIGHT, (_, language: string, code: string) => `\`\`\`${language}\n${code}\n\`\`\``)
    .replace(FIGURE, (shortcode, attributes: string) => image(attributes) ?? shortcode);
  const names = new Set(
    Array.from(markdown.matchAll(SHORTCODE), ([, name]) => name!).filter((name) => !name.startsWith('/')),
  );
  for (const name of names) remarks.notKept(`Hugo shortcode ${name}, which stays as text`);
  return markdown;
}
