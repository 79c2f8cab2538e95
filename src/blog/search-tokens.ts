/**
 * Full-text search without a dictionary, for any script. Words become tokens as they are; runs of scripts that write
 * without spaces, or glue particles to words, become overlapping pairs: 한국어를 → 한국 국어 어를 를. So a Korean word is
 * found with its particle attached and inside a compound. The last character of a run stands alone as well, so that every
 * single character begins a token.
 */
const PAIRED =
  '[[\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Hang}\\p{scx=Thai}\\p{scx=Laoo}\\p{scx=Khmr}\\p{scx=Mymr}]&&[\\p{L}\\p{M}\\p{N}]]';
const RUN = new RegExp(`(${PAIRED}+)|(?:(?!${PAIRED})[\\p{L}\\p{M}\\p{N}])+`, 'gv');

/** Longer words are told apart by their beginning. */
const MAX_WORD = 40;
/** A tsvector ends at 1 MiB; this leaves room for 80,000 different Korean pairs. */
const MAX_BYTES = 500_000;
const MAX_QUERY_TOKENS = 32;

/** Case, width and accents do not matter: Ｃafé, CAFÉ and cafe are one. */
const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
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

/** `abc` → `ab`, `bc`; one character alone stays. */
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
 * What a text is found by.
 * @param texts the most important first: a text of extreme variety is indexed as far as a tsvector can hold it
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

/** A token is letters, marks and digits only, so that quoting it is enough. One letter alone is a word: `C` is not `Caml`. */
function lexeme(token: string, isPaired: boolean): string {
  const isPrefix = isPaired ? [...token].length === 1 : token.length > 1;
  return isPrefix ? `'${token}':*` : `'${token}'`;
}

/**
 * The tsquery that finds the texts with all words of `q`: words by their beginning, paired scripts anywhere.
 * @returns text for `::tsquery`, or null when there is nothing to look for in `q`
 */
export function searchQuery(q: string): string | null {
  const lexemes = new Set<string>();
  for (const { characters, isPaired } of runsOf(q)) {
    const tokens = isPaired ? pairsOf(characters) : [wordOf(characters)];
    for (const token of tokens) lexemes.add(lexeme(token, isPaired));
  }
  return lexemes.size === 0 ? null : [...lexemes].slice(0, MAX_QUERY_TOKENS).join(' & ');
}
