import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { parseDate } from '../parse-date.js';
import { BrokenPost, Remarks } from '../remarks.js';
import { type Source, type SourceAuthor, type SourceItem, UnreadableSource } from '../source.js';
import { plainText } from './plain-text.js';
import { parseWxr, type WxrElement } from './wxr-parser.js';
import { leftOut, readWxrPost, type WxrSite } from './wxr-post.js';

type Read = Pick<SourceItem, 'post' | 'remarks'>;

function assertUtf8(encoding: string | undefined, path: string): void {
  if (encoding !== undefined && encoding.toLowerCase() !== 'utf-8') {
    throw new UnreadableSource(`${path} is in ${encoding}: convert it first, iconv -f ${encoding} -t UTF-8`);
  }
}

/** Collects what precedes the posts in the file, and reads the posts with it. */
class WxrReader {
  private readonly authors = new Map<string, SourceAuthor>();
  private site: WxrSite;

  constructor(
    private readonly file: string,
    modifiedAt: Date,
  ) {
    this.site = { url: '', authors: this.authors, exportedAt: modifiedAt };
  }

  read(element: WxrElement): Read {
    if (element.name === 'channel') return this.channel(element);
    return element.name === 'wp:author' ? this.author(element) : this.item(element);
  }

  private channel({ texts }: WxrElement): Read {
    const url = texts.get('wp:base_blog_url') ?? texts.get('link') ?? this.site.url;
    const exportedAt = parseDate(texts.get('pubDate') ?? '') ?? this.site.exportedAt;
    this.site = {
      ...this.site,
      url: url
        .trim()
        .replace(/^https?:\/\//, '')
        .replace(/\/+$/, ''),
      exportedAt,
    };
    return { remarks: [] };
  }

  private author({ texts, line }: WxrElement): Read {
    const name = (texts.get('wp:author_login') ?? '').trim();
    if (name === '') return { remarks: [] };
    const displayName = plainText(texts.get('wp:author_display_name') ?? '');
    this.authors.set(name, { name, displayName: displayName || name });
    const place = `${this.file}:${line}`;
    return { remarks: [{ kind: 'not kept', what: 'e-mail address of an author', place, detail: name }] };
  }

  private item(item: WxrElement): Read {
    const place = `${this.file}:${item.line}`;
    const detail = item.texts.get('title') ?? '';
    try {
      const reason = item.problem === undefined && !item.isTooLong ? leftOut(item) : undefined;
      if (reason !== undefined) return { remarks: [{ kind: 'left out', what: reason, place, detail }] };
      const remarks = new Remarks(place);
      return { post: readWxrPost(item, this.site, remarks), remarks: remarks.list };
    } catch (error) {
      if (error instanceof BrokenPost) return { remarks: [error.asRemark(this.file)] };
      throw error;
    }
  }
}

/** A WordPress export (WXR, "Tools → Export"), read as a stream. */
export function wordpressSource(path: string): Source {
  const { size, mtime } = statSync(path);
  return {
    format: 'WordPress export',
    defaultAuthor: undefined,
    size,
    async *items() {
      const reader = new WxrReader(basename(path), mtime);
      for await (const { bytes, elements, encoding } of parseWxr(
        createReadStream(path, { highWaterMark: 1 << 18 }),
      )) {
        assertUtf8(encoding, path);
        for (const element of elements) yield { position: bytes, ...reader.read(element) };
      }
    },
  };
}
