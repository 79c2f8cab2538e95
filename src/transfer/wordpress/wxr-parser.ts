import { SaxesParser } from 'saxes';
import { StrayAmpersands } from './stray-ampersands.js';
import { utf8Lines } from './utf8-lines.js';

/** An element of a WXR file: https://github.com/WordPress/WordPress/blob/master/wp-admin/includes/export.php */
export interface WxrElement {
  /** `item` or `wp:author`, or `channel` for what stands before the first item. */
  readonly name: string;
  /** Of the file, from 1, where it begins. */
  readonly line: number;
  /** Its children by name, text only; the last of several. */
  readonly texts: Map<string, string>;
  readonly categories: { domain: string; nicename: string; name: string }[];
  readonly metas: { key: string; value: string }[];
  commentCount: number;
  /** The first thing in it that is not well-formed. */
  problem: { readonly line: number; readonly detail: string } | undefined;
  hasControlCharacters: boolean;
}

export interface WxrProgress {
  /** Read so far. */
  readonly bytes: number;
  /** As the file declares it; undefined means UTF-8. */
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
});

/** Builds elements from what the XML parser meets. It goes on after an error: the next element may be sound. */
class WxrBuilder {
  readonly finished: WxrElement[] = [];
  private readonly parser = new SaxesParser({ xmlns: false, position: true });
  private readonly ampersands = new StrayAmpersands();
  private current: WxrElement | undefined;
  /** Names of the open elements below `current`. */
  private path: string[] = [];
  private text = '';

  constructor() {
    this.parser.on('opentag', ({ name, attributes }) => this.open(name, attributes));
    this.parser.on('closetag', ({ name }) => this.close(name));
    this.parser.on('text', (text) => (this.text += text));
    this.parser.on('cdata', (text) => (this.text += text));
    this.parser.on('error', ({ message }) => this.note(message.replace(/^\d+:\d+: /, '')));
  }

  get encoding(): string | undefined {
    return this.parser.xmlDecl.encoding;
  }

  write(text: string, isUtf8: boolean): void {
    const before = this.finished.length;
    const { line } = this.parser;
    this.parser.write(this.ampersands.escape(text));
    if (isUtf8) return;
    // The text is one line then; whatever was read from it may be spoilt.
    for (const element of [...this.finished.slice(before), this.current]) {
      if (element !== undefined) element.problem ??= { line, detail: 'it is not UTF-8' };
    }
  }

  end(): void {
    this.parser.close();
    // What was open when the file ended is cut off.
    if (this.current?.name !== 'channel') this.finish();
  }

  private note(detail: string): void {
    if (this.current === undefined) return;
    const { line } = this.parser;
    // WordPress writes into CDATA whatever its database holds; such a character is dropped, not the post.
    if (detail === 'disallowed character.') this.current.hasControlCharacters = true;
    else this.current.problem ??= { line, detail };
  }

  private open(name: string, attributes: Record<string, string>): void {
    if (isContainer(name)) {
      if (this.current?.name === name) this.note('it never ends');
      this.finish();
      this.current = newElement(name, this.parser.line);
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

/** Reads a WXR file as a stream: only the elements of one chunk are in memory. */
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
