import { parse as parseToml, TomlError } from 'smol-toml';
import { parseDocument } from 'yaml';
import { BrokenPost } from '../remarks.js';
import type { FrontMatterLanguage } from './split-front-matter.js';

export type Values = Readonly<Record<string, unknown>>;

const firstLine = (message: string): string =>
  message.split('\n', 1)[0]!.replace(/ at line \d+, column \d+:$/, '');

/** Scalars stay text as written: `title: 1.10` is not a number, and the format of `date:` is not guessed. */
function parseYaml(source: string, line: number): unknown {
  const document = parseDocument(source, {
    schema: 'failsafe',
    customTags: ['null'],
    merge: true,
    // As in Jekyll, the last of several equal keys counts.
    uniqueKeys: false,
    logLevel: 'error',
  });
  const error = document.errors[0];
  if (error !== undefined) {
    const at = line + (error.linePos?.[0].line ?? 1) - 1;
    throw new BrokenPost('has broken YAML', { line: at, detail: firstLine(error.message) });
  }
  try {
    return document.toJS();
  } catch (cause) {
    // For example, aliases that would expand to gigabytes.
    throw new BrokenPost('has broken YAML', { line, detail: firstLine((cause as Error).message) });
  }
}

function parseTomlText(source: string, line: number): unknown {
  try {
    return parseToml(source);
  } catch (cause) {
    const at = cause instanceof TomlError ? line + cause.line - 1 : line;
    const detail = firstLine((cause as Error).message).replace('Invalid TOML document: ', '');
    throw new BrokenPost('has broken TOML', { line: at, detail });
  }
}

function parseJsonText(source: string, line: number): unknown {
  try {
    return JSON.parse(source);
  } catch (cause) {
    const message = (cause as Error).message;
    const at = line + Number(/\(line (\d+) column/.exec(message)?.[1] ?? '1') - 1;
    throw new BrokenPost('has broken JSON', {
      line: at,
      detail: message.replace(/ in JSON at position.*/s, ''),
    });
  }
}

const PARSERS = { yaml: parseYaml, toml: parseTomlText, json: parseJsonText };

/**
 * @param line the line of the file, from 1, on which `source` starts
 * @returns the members of the outermost mapping, if there is one
 * @throws BrokenPost with the line of the file
 */
export function parseFrontMatter(language: FrontMatterLanguage, source: string, line: number): Values {
  const parsed = PARSERS[language](source, line);
  if (parsed === null || parsed === undefined) return {};
  if (typeof parsed !== 'object' || Array.isArray(parsed)) {
    throw new BrokenPost('has front matter that is not a mapping', { line });
  }
  return parsed as Values;
}
