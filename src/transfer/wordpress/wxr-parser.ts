import { SaxesParser } from 'saxes';
import { StrayAmpersands } from './stray-ampersands.js';
import { utf8Lines } from './utf8-lines.js';

/** An element of a WXR file: https://github.com/WordPress/WordPress/blob/master/wp-admin/includes/export.php */
export interface WxrElement {
  /** `item` or `wp:author`, or `channel` for what precedes the first item. */
  readonly name: string;
  /** The line of the file, from 1, on which the element starts. */
  readonly line: number;
  /** The text of its children by name. Of several children with the same name, the last. */
  readonly texts: Map<string, string>;
  readonly categories: { domain: string; nicename: string; name: string }[];
  readonly metas: { key: string; value: string }[];
  commentCount: number;
  /** The first error in it that makes it not well-formed. */
  problem: { readonly line: number; readonly detail: string } | undefined;
  hasControlCharacters: boolean;
  /** True if its texts were discarded. */
  isTooLong: boolean;
}

/**
 * The limit of one item in characters, many times the size of a post. The XML parser keeps the whole text of an item in
 * memory.
 */
export const MAX_ITEM_LENGTH = 8 * 1024 ** 2;
const ITEM_END = '</item>';

export interface WxrProgress {
  /** Bytes read so far. */
  readonly bytes: number;
  /** As declared in the file. Undefined means UTF-8. */
  readonly encoding: string | undefined;
  readonly elements: readonly WxrElement[];
}

const isContainer = (name: string): boolean => name === 'item' || name === 'wp:author' || name === 'channel';

const newElement = (name: string, line: number): WxrElement => ({
  name,
  line,
  texts: new Map(),
  categories: [],
  metas: [],
  commentCount: 0,
  problem: undefined,
  hasControlCharacters: false,
  isTooLong: false,
});

/**
 * Builds elements from the events of the XML parser. It continues after an error, because the next element may be
 * valid.
 */
class WxrBuilder {
  readonly finished: WxrElement[] = [];
  private parser = this.newParser();
  private ampersands = new StrayAmpersands();
  /** Lines read by earlier parsers. */
  private linesBefore = 0;
  private declaredEncoding: string | undefined;
  /** Characters read since the current element started. */
  private length = 0;
  /** True while the rest of an item that is too long is skipped. */
  private isSkipping = false;
  private current: WxrElement | undefined;
  /** Names of the open elements below `current`. */
  private path: string[] = [];
  private text = '';

  private newParser(): SaxesParser<{ xmlns: false; position: true }> {
    const parser = new SaxesParser({ xmlns: false, position: true });
    parser.on('xmldecl', ({ encoding }) => (this.declaredEncoding ??= encoding));
    parser.on('opentag', ({ name, attributes }) => this.open(name, attributes));
    parser.on('closetag', ({ name }) => this.close(name));
    parser.on('text', (text) => (this.text += text));
    parser.on('cdata', (text) => (this.text += text));
    parser.on('error', ({ message }) => this.note(message.replace(/^\d+:\d+: /, '')));
    return parser;
  }

  get encoding(): string | undefined {
    return this.declaredEncoding;
  }

  /** The line of the file, from 1. */
  private get line(): number {
    return this.linesBefore + this.parser.line;
  }

  write(given: string, isUtf8: boolean): void {
    const text = this.isSkipping ? this.passedOver(given) : given;
    if (text === '') return;
    const before = this.finished.length;
    const element = this.current;
    const { line } = this;
    this.parser.write(this.ampersands.escape(text));
    this.length = this.current === element ? this.length + text.length : text.length;
    if (this.current?.name === 'item' && this.length > MAX_ITEM_LENGTH) this.passOver(this.current);
    if (isUtf8) return;
    // The text is then a single line, and everything read from it may be damaged.
    for (const element of [...this.finished.slice(before), this.current]) {
      if (element !== undefined) element.problem ??= { line, detail: 'it is not UTF-8' };
    }
  }

  /** Gives up an item, and everything that the parser holds of it. */
  private passOver(item: WxrElement): void {
    item.isTooLong = true;
    item.texts.clear();
    this.finish();
    this.text = '';
    this.linesBefore += this.parser.line - 1;
    this.parser = this.newParser();
    this.ampersands = new StrayAmpersands();
    // The following text is inside both elements.
    this.parser.write('<rss><channel-goes-on>');
    this.isSkipping = true;
  }

  /** @returns the text after the end of the item, if it contains the end */
  private passedOver(text: string): string {
    const end = text.indexOf(ITEM_END);
    const passed = end === -1 ? text : text.slice(0, end + ITEM_END.length);
    this.linesBefore += passed.split('\n').length - 1;
    this.isSkipping = end === -1;
    return text.slice(passed.length);
  }

  end(): void {
    this.parser.close();
    // An element that is open at the end of the file is incomplete.
    if (this.current?.name !== 'channel') this.finish();
  }

  private note(detail: string): void {
    if (this.current === undefined) return;
    const { line } = this;
    // WordPress writes raw database content into CDATA. Drop the character rather than the post.
    if (detail === 'disallowed character.') this.current.hasControlCharacters = true;
    else this.current.problem ??= { line, detail };
  }

  private open(name: string, attributes: Record<string, string>): void {
    if (isContainer(name)) {
      if (this.current?.name === name) this.note('it never ends');
      this.finish();
      this.current = newElement(name, this.line);
      this.path = [];
    } else this.path.push(name);
    if (name === 'category' && this.path.length === 1) {
      const { domain = '', nicename = '' } = attributes;
      this.current?.categories.push({ domain, nicename, name: '' });
    }
    this.text = '';
  }

  private close(name: string): void {
    if (isContainer(name)) this.finish();
    else {
      this.keep(name);
      this.path.pop();
    }
    this.text = '';
  }

  private keep(name: string): void {
    if (this.current === undefined) return;
    const parent = this.path.at(-2);
    if (this.path.length === 1) this.keepChild(this.current, name);
    else if (parent === 'wp:postmeta' && name === 'wp:meta_key')
      this.current.metas.push({ key: this.text, value: '' });
    else if (parent === 'wp:postmeta' && name === 'wp:meta_value') {
      const meta = this.current.metas.at(-1);
      if (meta !== undefined) meta.value = this.text;
    }
  }

  private keepChild(current: WxrElement, name: string): void {
    if (name === 'wp:comment') current.commentCount += 1;
    else if (name === 'category') current.categories.at(-1)!.name = this.text;
    else current.texts.set(name, this.text);
  }

  private finish(): void {
    if (this.current !== undefined) this.finished.push(this.current);
    this.current = undefined;
  }
}

/** Reads a WXR file as a stream, with only the elements of one chunk in memory. */
export async function* parseWxr(stream: AsyncIterable<Buffer>): AsyncGenerator<WxrProgress> {
  const builder = new WxrBuilder();
  let bytes = 0;
  for await (const lines of utf8Lines(stream)) {
    builder.write(lines.text, lines.isUtf8);
    bytes += lines.bytes;
    yield { bytes, elements: builder.finished.splice(0), encoding: builder.encoding };
  }
  builder.end();
  yield { bytes, elements: builder.finished.splice(0), encoding: builder.encoding };
}
