import { textOf } from './text-of.js';

const MAX_LENGTH = 200;
/** Markup included, this much of a post surely has 200 characters of text, or little text at all. */
const MAX_READ = 20_000;

function shorten(text: string): string {
  if (text.length <= MAX_LENGTH) return text;
  const cut = text.slice(0, MAX_LENGTH - 1);
  const lastSpace = cut.lastIndexOf(' ');
  // Scripts without spaces are cut anywhere but within a character.
  const whole = lastSpace > MAX_LENGTH / 2 ? cut.slice(0, lastSpace) : cut.replace(/[\uD800-\uDBFF]$/, '');
  return `${whole.replace(/[\s,;:.–—-]+$/, '')}…`;
}

/**
 * The beginning of a post for lists: plain text of at most 200 characters, without its code blocks unless it is all code.
 * @param html sanitised
 */
export function excerptOf(html: string): string {
  const start = html.slice(0, MAX_READ).replace(/[\uD800-\uDBFF]$/, '');
  const prose = textOf(start.replace(/<pre\b[^>]*>[^]*?(?:<\/pre>|$)/g, ' '));
  return shorten(prose === '' ? textOf(start) : prose);
}
