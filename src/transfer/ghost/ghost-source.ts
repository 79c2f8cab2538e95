import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import { BrokenPost, Remarks } from '../remarks.js';
import { type Source, type SourceItem, UnreadableSource } from '../source.js';
import { utf8Text } from '../utf8-text.js';
import { GhostIndex } from './ghost-index.js';
import { leftOut, readGhostPost } from './ghost-post.js';
import { type GhostData, ghostDataSchema, ghostPostSchema } from './ghost.schemas.js';

type Read = Pick<SourceItem, 'post' | 'remarks'>;

/** The line that contains a text. A Ghost export has only one line, unless someone has formatted it. */
function lineOf(text: string, needle: string): number | undefined {
  const index = text.indexOf(JSON.stringify(needle));
  return index === -1 ? undefined : text.slice(0, index).split('\n').length;
}

/** `title: expected string …` */
function issueOf({ issues: [issue] }: z.ZodError): string {
  return [issue?.path.join('.'), issue?.message]
    .filter((part) => part !== undefined && part !== '')
    .join(': ');
}

function parse(path: string): { data: GhostData; text: string } {
  let document: unknown;
  let text: string;
  try {
    text = utf8Text(readFileSync(path));
    document = JSON.parse(text);
  } catch (error) {
    if (error instanceof BrokenPost)
      throw new UnreadableSource(`${path}:${error.options.line} ${error.what}`);
    if (error instanceof SyntaxError)
      throw new UnreadableSource(`${path} is not valid JSON: ${error.message}`);
    throw error;
  }
  const { db } = z
    .looseObject({ db: z.array(z.unknown()).optional() })
    .catch({})
    .parse(document);
  const outer = z.looseObject({ data: z.unknown() }).safeParse(db?.[0] ?? document);
  const data = ghostDataSchema.safeParse(outer.data?.data);
  if (!data.success) {
    throw new UnreadableSource(`${path} is not a Ghost export: ${issueOf(data.error)}`);
  }
  return { data: data.data, text };
}

class GhostReader {
  private readonly index: GhostIndex;

  constructor(
    private readonly file: string,
    private readonly data: GhostData,
    private readonly text: string,
    private readonly exportedAt: Date,
  ) {
    this.index = new GhostIndex(data);
  }

  /** @param position in `posts`, from 0 */
  read(position: number): Read {
    const row = this.data.posts[position];
    const parsed = ghostPostSchema.safeParse(row);
    const place = `${this.file}:posts[${position}]`;
    if (!parsed.success) {
      return {
        remarks: [{ kind: 'broken', what: 'is not a Ghost post', place, detail: issueOf(parsed.error) }],
      };
    }
    const post = parsed.data;
    const reason = leftOut(post);
    if (reason !== undefined)
      return { remarks: [{ kind: 'left out', what: reason, place, detail: post.title }] };
    const remarks = new Remarks(place);
    try {
      return { post: readGhostPost(post, this.index, this.exportedAt, remarks), remarks: remarks.list };
    } catch (error) {
      if (!(error instanceof BrokenPost)) throw error;
      const line = lineOf(this.text, post.uuid ?? post.id);
      return {
        remarks: [
          {
            ...error.asRemark(line === undefined ? this.file : `${this.file}:${line}`),
            detail: `${post.title}: ${error.options.detail ?? ''}`,
          },
        ],
      };
    }
  }
}

/** A Ghost export ("Settings → Export"). It is read as a whole, because JSON on a single line allows nothing else. */
export function ghostSource(path: string): Source {
  const { data, text } = parse(path);
  return {
    format: 'Ghost export',
    defaultAuthor: undefined,
    size: data.posts.length,
    async *items() {
      const reader = new GhostReader(basename(path), data, text, statSync(path).mtime);
      for (let index = 0; index < data.posts.length; index += 1) {
        yield { position: index + 1, ...reader.read(index) };
      }
    },
  };
}
