import { normalise } from '../platform/text/normalise.js';

/**
 * Full-text search without a dictionary, for any script. Words become tokens unchanged. Runs of scripts that are
 * written without spaces, or that attach particles to words, become overlapping pairs: 한국어를 → 한국 국어 어를 를. So a Korean
 * word is found with a particle and inside a compound. The last character of a run also stands alone, so that every
 * single character starts a token.
 */
const PAIRED =
  '[[\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Hang}\\p{scx=Thai}\\p{scx=Laoo}\\p{scx=Khmr}\\p{scx=Mymr}]&&[\\p{L}\\p{M}\\p{N}]]';
const RUN = new RegExp(`(${PAIRED}+)|(?:(?!${PAIRED})[\\p{L}\\p{M}\\p{N}])+`, 'gv');

/** Only this much of a longer word is compared. */
const MAX_WORD = 40;
/** A tsvector is limited to 1 MiB. This leaves room for 80,000 different Korean pairs. */
const MAX_BYTES = 500_000;
const MAX_QUERY_TOKENS = 32;

/** Removes differences of case, width and accents: Ｃafé, CAFÉ and cafe are the same. */
const fold = (text: string): string =>
  normalise(normalise(text, 'NFKD').replace(/[\u0300-\u036f]/g, ''), 'NFC')
    .toLowerCase()
    .replaceAll('ς', 'σ');

interface Run {
  readonly characters: string;
  readonly isPaired: boolean;
}

function* runsOf(text: string): Generator<Run> {
  for (const match of fold(text).matchAll(RUN)) {
    yield { characters: match[0], isPaired: match[1] !== undefined };
  }
}

/** `abc` → `ab`, `bc`. A single character stays. */
function pairsOf(run: string): string[] {
  const characters = [...run];
  if (characters.length === 1) return characters;
  return characters.slice(1).map((character, before) => characters[before]! + character);
}

const wordOf = (run: string): string => [...run.slice(0, 2 * MAX_WORD)].slice(0, MAX_WORD).join('');

function indexed({ characters, isPaired }: Run): string[] {
  return isPaired ? [...pairsOf(characters), [...characters.slice(-2)].at(-1)!] : [wordOf(characters)];
}

/**
 * The search tokens of a text.
 * @param texts the most important first, because a text of extreme variety is indexed only as far as a tsvector can
 * hold it
 * @returns distinct tokens
 */
export function searchTokens(...texts: readonly string[]): string[] {
  const tokens = new Set<string>();
  let bytes = 0;
  for (const text of texts) {
    for (const run of runsOf(text)) {
      for (const token of indexed(run)) {
        if (tokens.has(token)) continue;
        bytes += Buffer.byteLength(token);
        if (bytes > MAX_BYTES) return [...tokens];
        tokens.add(token);
      }
    }
  }
  return [...tokens];
}

/**
 * Tokens consist of letters, marks and digits, so quoting them is enough. A single letter is a whole word: `C` does not
 * match `Caml`.
 */
function lexeme(token: string, isPaired: boolean): string {
  const isPrefix = isPaired ? [...token].length === 1 : token.length > 1;
  return isPrefix ? `'${token}':*` : `'${token}'`;
}

/**
 * The tsquery for texts with all words of `q`: words by prefix, paired scripts anywhere.
 * @returns text for `::tsquery`, or null if `q` has no words
 */
export function searchQuery(q: string): string | null {
  const lexemes = new Set<string>();
  for (const { characters, isPaired } of runsOf(q)) {
    const tokens = isPaired ? pairsOf(characters) : [wordOf(characters)];
    for (const token of tokens) lexemes.add(lexeme(token, isPaired));
  }
  return lexemes.size === 0 ? null : [...lexemes].slice(0, MAX_QUERY_TOKENS).join(' & ');
}
