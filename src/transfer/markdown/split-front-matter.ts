import { BrokenPost } from '../remarks.js';

export type FrontMatterLanguage = 'yaml' | 'toml' | 'json';

export interface SplitFile {
  readonly language: FrontMatterLanguage;
  readonly frontMatter: string;
  /** The line of the file, from 1, on which `frontMatter` starts. */
  readonly line: number;
  readonly body: string;
}

const FENCED = /^(---|\+\+\+)[ \t]*([a-z]*)[ \t]*\r?\n/i;
const LANGUAGES: Readonly<Record<string, FrontMatterLanguage>> = {
  yaml: 'yaml',
  yml: 'yaml',
  toml: 'toml',
  json: 'json',
};

/** An export puts an empty line before the body and a line end after it. Everything else belongs to the body. */
const trimOneLine = (body: string): string => body.replace(/^\r?\n/, '').replace(/\r?\n$/, '');

function languageOf(fence: string, name: string): FrontMatterLanguage {
  if (name === '') return fence === '+++' ? 'toml' : 'yaml';
  const language = LANGUAGES[name.toLowerCase()];
  if (language === undefined)
    throw new BrokenPost(`has front matter in ${name}, which is not executed`, { line: 1 });
  return language;
}

function splitFenced(text: string, opening: RegExpExecArray): SplitFile {
  const [opener, fence, name] = opening;
  const closing = (fence === '+++' ? /^\+\+\+[ \t]*(?:\r?\n|$)/m : /^(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/m).exec(
    text.slice(opener.length),
  );
  if (closing === null) throw new BrokenPost('has front matter that never ends', { line: 1 });
  const end = opener.length + closing.index;
  return {
    language: languageOf(fence!, name!),
    frontMatter: text.slice(opener.length, end),
    line: 2,
    body: trimOneLine(text.slice(end + closing[0].length)),
  };
}

/** The index after the brace that closes the first one. Braces in strings do not count. */
function endOfObject(text: string): number {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (isInString) {
      if (character === '\\') at += 1;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === '{') depth += 1;
    else if (character === '}' && (depth -= 1) === 0) return at + 1;
  }
  return -1;
}

function splitObject(text: string): SplitFile {
  const end = endOfObject(text);
  if (end === -1) throw new BrokenPost('has front matter that never ends', { line: 1 });
  const body = text.slice(end).replace(/^[ \t]*(?:\r?\n|$)/, '');
  return { language: 'json', frontMatter: text.slice(0, end), line: 1, body: trimOneLine(body) };
}

/**
 * Splits a file into front matter and body: YAML between `---`, TOML between `+++`, JSON in braces, or any of them
 * between `---json` and `---`.
 * @returns undefined if the file has no front matter
 * @throws BrokenPost if it never ends, or is in another language
 */
export function splitFrontMatter(text: string): SplitFile | undefined {
  const opening = FENCED.exec(text);
  if (opening !== null) return splitFenced(text, opening);
  return /^\{\s*["}]/.test(text) ? splitObject(text) : undefined;
}
