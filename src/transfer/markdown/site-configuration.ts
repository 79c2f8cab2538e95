import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BrokenPost } from '../remarks.js';
import { Fields } from './fields.js';
import { parseFrontMatter, type Values } from './parse-front-matter.js';
import type { FrontMatterLanguage } from './split-front-matter.js';

const LANGUAGES: Readonly<Record<string, FrontMatterLanguage>> = {
  yml: 'yaml',
  yaml: 'yaml',
  toml: 'toml',
  json: 'json',
};

function read(file: string): Values | undefined {
  try {
    const language = LANGUAGES[file.slice(file.lastIndexOf('.') + 1)] ?? 'yaml';
    return parseFrontMatter(language, readFileSync(file, 'utf8').replace(/^\uFEFF/, ''), 1);
  } catch (error) {
    // The import works without it. Only its settings for addresses are missing.
    if (error instanceof BrokenPost || (error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
}

/** The first readable configuration file of a blog. Empty if there is none. */
export function siteConfiguration(root: string, names: readonly string[]): Fields {
  for (const name of names) {
    const values = read(join(root, name));
    if (values !== undefined) return new Fields(values);
  }
  return new Fields({});
}

/** A mapping inside a configuration. */
export const section = (fields: Fields, name: string): Fields => {
  const value = fields.raw(name);
  return new Fields(typeof value === 'object' && value !== null ? (value as Values) : {});
};

/** A time zone from the configuration, if this system knows it. */
export function knownTimeZone(name: string | undefined): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name ?? 'UTC' }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}

/** The path of a site's URL, without a trailing slash: `https://x.io/blog/` → `/blog`. */
export function pathOfUrl(url: string | undefined): string {
  if (url === undefined) return '';
  try {
    return new URL(url, 'http://localhost').pathname.replace(/\/+$/, '');
  } catch {
    return '';
  }
}
