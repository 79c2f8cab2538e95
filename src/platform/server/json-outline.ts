const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const COMMA = 0x2c;
const OPENING_BRACKET = 0x5b;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACKET = 0x5d;
const CLOSING_BRACE = 0x7d;

export const MAX_DEPTH = 32;
/** No document of the API has a hundred. */
export const MAX_VALUES = 10_000;
const DIGITS_OF_AN_ESCAPE = 4;
/** From this length on, a native search for the end of a string is faster. */
const LONG_STRING = 16;

/**
 * Checks how deep JSON text is nested, and how many values it has at most, before it is parsed. Otherwise a few bytes
 * could become objects of many times their size. One pass, without allocation.
 */
export function outlineFault(json: string): 'too deep' | 'too many values' | undefined {
  let depth = 0;
  let values = 1;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(json, at + 1);
    } else if (code === COMMA) {
      values += 1;
      if (values > MAX_VALUES) return 'too many values';
    } else if (code === OPENING_BRACKET || code === OPENING_BRACE) {
      depth += 1;
      values += 1;
      if (depth > MAX_DEPTH) return 'too deep';
      if (values > MAX_VALUES) return 'too many values';
    } else if (code === CLOSING_BRACKET || code === CLOSING_BRACE) {
      depth -= 1;
    }
  }
  return undefined;
}

/** @returns the position of the closing quote, or the length of the text if there is none */
function endOfString(json: string, from: number): number {
  let at = from;
  for (const long = Math.min(from + LONG_STRING, json.length); at < long; at += 1) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) return at;
    // A truncated numeric escape ends the parser there, whatever follows.
    if (code === BACKSLASH) at += json.charCodeAt(at + 1) === LETTER_U ? 1 + DIGITS_OF_AN_ESCAPE : 1;
  }
  let quote = json.indexOf('"', at);
  while (quote !== -1 && isInEscape(json, quote, at)) quote = json.indexOf('"', quote + 1);
  return quote === -1 ? json.length : quote;
}

/** @param from a position outside of any escape */
function isInEscape(json: string, quote: number, from: number): boolean {
  if (isEscaped(json, quote, from)) return true;
  const first = Math.max(from, quote - DIGITS_OF_AN_ESCAPE);
  for (let at = quote - 1; at >= first; at -= 1)
    if (json.charCodeAt(at) === LETTER_U && isEscaped(json, at, from)) return true;
  return false;
}

function isEscaped(json: string, at: number, from: number): boolean {
  let first = at;
  while (first > from && json.charCodeAt(first - 1) === BACKSLASH) first -= 1;
  return (at - first) % 2 === 1;
}
