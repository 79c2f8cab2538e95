import { TomlDate } from 'smol-toml';
import type { Values } from './parse-front-matter.js';

const YES = new Set(['true', 'yes', 'on', 'y', '1']);
const NO = new Set(['false', 'no', 'off', 'n', '0']);

function textOf(value: unknown): string | undefined {
  if (value instanceof TomlDate) return value.toISOString();
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value);
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? undefined : text;
}

/** Reads front matter member by member. It remembers which members were read, so that the rest can be reported. */
export class Fields {
  private readonly readNames = new Set<string>();
  private readonly values: Values;

  /** @param defaults what the blog's configuration sets for posts that lack a member */
  constructor(
    own: Values,
    private readonly defaults: Values = {},
  ) {
    // Hugo ignores the case of names.
    this.values = Object.fromEntries(Object.entries(own).map(([name, value]) => [name.toLowerCase(), value]));
  }

  /** Members that were never read, in their written order. Defaults do not count, because they are not the post's. */
  get unread(): string[] {
    return Object.keys(this.values).filter((name) => !this.readNames.has(name));
  }

  has(name: string): boolean {
    return this.raw(name) !== undefined;
  }

  raw(name: string): unknown {
    this.readNames.add(name);
    return this.values[name] ?? this.defaults[name] ?? undefined;
  }

  /** The first of the members that contains text. All of them count as read. */
  text(...names: string[]): string | undefined {
    return names.map((name) => textOf(this.raw(name))).find((text) => text !== undefined);
  }

  /**
   * A list, or a single value as a list of one.
   * @param separator splits text into several values: Jekyll's `tags: one two`
   */
  list(name: string, separator?: RegExp): string[] {
    const value = this.raw(name);
    if (Array.isArray(value))
      return value
        .flat(3)
        .map(textOf)
        .filter((text) => text !== undefined);
    const text = textOf(value);
    if (text === undefined) return [];
    return separator === undefined ? [text] : text.split(separator).filter((part) => part !== '');
  }

  /** Undefined if the member is missing or is neither yes nor no. */
  flag(name: string): boolean | undefined {
    const text = this.text(name)?.toLowerCase() ?? '';
    return YES.has(text) ? true : NO.has(text) ? false : undefined;
  }
}
