import { textOf } from './text-of.js';

const MAX_LENGTH = 200;
/** This much of a post, markup included, contains 200 characters of text, unless the post has little text at all. */
const MAX_READ = 20_000;

function shorten(text: string): string {
  if (text.length <= MAX_LENGTH) return text;
  const cut = text.slice(0, MAX_LENGTH - 1);
  const lastSpace = cut.lastIndexOf(' ');
  // Text without spaces is cut anywhere except within a character.
  const whole = lastSpace > MAX_LENGTH / 2 ? cut.slice(0, lastSpace) : cut.replace(/[\uD800-\uDBFF]$/, '');
  return `${whole.replace(/[\s,;:.–—-]+$/, '')}…`;
}

/**
 * The beginning of a post for lists: plain text of at most 200 characters, without code blocks unless there is nothing
 * else.
 * @param html sanitised
 */
export function excerptOf(html: string): string {
  const start = html.slice(0, MAX_READ).replace(/[\uD800-\uDBFF]$/, '');
  const prose = textOf(start.replace(/<pre\b[^>]*>[^]*?(?:<\/pre>|$)/g, ' '));
  return shorten(prose === '' ? textOf(start) : prose);
}
