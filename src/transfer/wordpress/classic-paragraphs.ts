const BLOCK =
  'address|article|aside|blockquote|details|div|dl|fieldset|figure|footer|form|h[1-6]|header|hr|iframe|li|ol|p|pre|script|section|style|table|tbody|td|tfoot|th|thead|tr|ul|video|audio';
const STARTS_WITH_BLOCK = new RegExp(`^</?(?:${BLOCK})\\b`, 'i');
const AFTER_BLOCK_END = new RegExp(`(</(?:${BLOCK})>|<hr\\b[^>]*>)[^\\S\\n]*\\n`, 'gi');
const BEFORE_BLOCK = new RegExp(`([^\\n])\\n?(<(?:${BLOCK})\\b)`, 'gi');
const VERBATIM = /<(pre|script|style|textarea)\b[\s\S]*?<\/\1>/gi;

/** A block may contain blocks: an opening tag may come before a paragraph inside it. */
const paragraph = (chunk: string): string => {
  const text = chunk.trim();
  if (text === '') return '';
  if (STARTS_WITH_BLOCK.test(text)) return text;
  return `<p>${text.replace(/[^\S\n]*\n/g, '<br />\n')}</p>`;
};

/**
 * The paragraphs of a classic WordPress post, which has empty lines instead of `<p>` (WordPress' `wpautop`). An empty
 * line separates paragraphs, a line end within one becomes a break, and blocks and `<pre>` stay unchanged.
 */
export function classicParagraphs(content: string): string {
  const verbatim: string[] = [];
  const marked = content.replace(/\r\n?/g, '\n').replace(VERBATIM, (block) => {
    verbatim.push(block);
    return `\n\n<pre data-verbatim="${verbatim.length - 1}"></pre>\n\n`;
  });
  const html = marked
    .replace(AFTER_BLOCK_END, '$1\n\n')
    .replace(BEFORE_BLOCK, '$1\n\n$2')
    .split(/\n\s*\n/)
    .map(paragraph)
    .filter((text) => text !== '')
    .join('\n\n');
  return html.replace(
    /<pre data-verbatim="(\d+)"><\/pre>/g,
    (_, index: string) => verbatim[Number(index)] ?? '',
  );
}
