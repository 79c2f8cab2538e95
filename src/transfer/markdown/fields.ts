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

/** Front matter, read member by member; it remembers what was asked for, so that the rest can be reported. */
export class Fields {
  private readonly asked = new Set<string>();
  private readonly values: Values;

  /** @param defaults what the blog's configuration says about posts that do not say it themselves */
  constructor(
    own: Values,
    private readonly defaults: Values = {},
  ) {
    // Hugo does not care about the case of names.
    this.values = Object.fromEntries(Object.entries(own).map(([name, value]) => [name.toLowerCase(), value]));
  }

  /** Members that nobody asked for, in the order they were written. Defaults are the blog's, not the post's. */
  get unread(): string[] {
    return Object.keys(this.values).filter((name) => !this.asked.has(name));
  }

  has(name: string): boolean {
    return this.raw(name) !== undefined;
  }

  raw(name: string): unknown {
    this.asked.add(name);
    return this.values[name] ?? this.defaults[name] ?? undefined;
  }

  /** The first of the members that holds text. All of them count as read. */
  text(...names: string[]): string | undefined {
    return names.map((name) => textOf(this.raw(name))).find((text) => text !== undefined);
  }

  /** A list, or a single value as a list of one. @param separator parts a text into several: Jekyll's `tags: one two` */
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

  /** undefined when it is not said, or says neither yes nor no. */
  flag(name: string): boolean | undefined {
    const text = this.text(name)?.toLowerCase() ?? '';
    return YES.has(text) ? true : NO.has(text) ? false : undefined;
  }
}
