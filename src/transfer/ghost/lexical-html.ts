import { renderMarkdown } from '../../platform/markup/render-markdown.js';
import { element, escapeHtml, image, string } from './build-html.js';

interface LexicalNode {
  readonly type?: string;
  readonly children?: readonly LexicalNode[];
  readonly text?: string;
  /** Bits: bold 1, italic 2, strike-through 4, underline 8, code 16, subscript 32, superscript 64. */
  readonly format?: number | string;
  readonly [attribute: string]: unknown;
}

const FORMATS = ['strong', 'em', 's', 'u', 'code', 'sub', 'sup'] as const;

const textOf = (node: LexicalNode): string =>
  FORMATS.reduce(
    (html, name, bit) => (((Number(node.format) || 0) >> bit) & 1 ? element(name, html) : html),
    escapeHtml(node.text ?? ''),
  );

/** Thrown at the first node that would be lost. The whole post is then given up. */
export class UnknownNode extends Error {}

const inside = (node: LexicalNode): string => (node.children ?? []).map(htmlOf).join('');

const RENDERERS: Readonly<Record<string, (node: LexicalNode) => string>> = {
  root: (node) => (node.children ?? []).map(htmlOf).join('\n'),
  paragraph: (node) => element('p', inside(node)),
  heading: (node) => element(/^h[1-6]$/.test(string(node['tag'])) ? string(node['tag']) : 'h2', inside(node)),
  quote: (node) => element('blockquote', inside(node)),
  aside: (node) => element('blockquote', inside(node)),
  list: (node) => element(node['listType'] === 'number' ? 'ol' : 'ul', inside(node)),
  listitem: (node) => element('li', inside(node)),
  link: (node) => element('a', inside(node), { href: node['url'], title: node['title'] }),
  autolink: (node) => element('a', inside(node), { href: node['url'] }),
  text: textOf,
  'extended-text': textOf,
  linebreak: () => '<br>',
  tab: () => '\t',
  horizontalrule: () => '<hr>',
  image: (node) => image(node['src'], node['alt'], node['caption']),
  codeblock: (node) => codeBlock(string(node['code']), string(node['language'])),
  html: (node) => string(node['html']),
  markdown: (node) => renderMarkdown(string(node['markdown'])),
  embed: (node) => string(node['html']),
  bookmark: (node) => element('p', element('a', escapeHtml(string(node['url'])), { href: node['url'] })),
  callout: (node) => element('blockquote', string(node['calloutText'])),
};
for (const name of ['heading', 'quote', 'list', 'listitem']) {
  // The same node under the editor's own name.
  Object.assign(RENDERERS, { [`extended-${name}`]: RENDERERS[name] });
}

export const codeBlock = (code: string, language: string): string =>
  element('pre', element('code', escapeHtml(code), { class: language === '' ? '' : `language-${language}` }));

function htmlOf(node: LexicalNode): string {
  const render = RENDERERS[node.type ?? ''];
  if (render === undefined) throw new UnknownNode(`card "${node.type ?? ''}"`);
  return render(node);
}

/**
 * Converts the body of a post that was last edited in Ghost 5 or later and has no HTML yet: a draft.
 * @param source the JSON of the column `lexical`
 * @throws UnknownNode for a card that cannot be converted, SyntaxError if it is not JSON
 */
export function lexicalHtml(source: string): string {
  const { root } = JSON.parse(source) as { root?: LexicalNode };
  if (root === undefined) throw new UnknownNode('a document without a root');
  return htmlOf(root);
}
