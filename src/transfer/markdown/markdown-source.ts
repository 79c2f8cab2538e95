import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BrokenPost, Remarks } from '../remarks.js';
import { type Remark, type Source, type SourceItem, type SourcePost, UnreadableSource } from '../source.js';
import { utf8Text } from '../utf8-text.js';
import { detectFlavour } from './detect-flavour.js';
import { Fields } from './fields.js';
import type { Flavour } from './flavour.js';
import { type Folder, openFolder } from './folder.js';
import { EXPORT_MARK, readInkwellFile } from './inkwell-file.js';
import { parseFrontMatter } from './parse-front-matter.js';
import { readPost } from './read-post.js';
import { splitFrontMatter } from './split-front-matter.js';
import { splitHeading } from './split-heading.js';

const MAY_BE_POST = /\.(?:md|mdx|markdown|mdown|mkdn?|html?)$/i;
/** HTML files are usually templates. Only these folders contain posts in HTML. */
const MAY_BE_HTML_POST = /(?:^|\/)(?:_posts|_drafts|content)\//;

/** Many times the size of a post. */
const MAX_BYTES = 8 * 1024 ** 2;

interface Blog {
  readonly folder: Folder;
  readonly flavour: Flavour;
  /** Tells its files from those of another blog with the same names. */
  readonly name: string;
}

type Read = Pick<SourceItem, 'post' | 'remarks'>;

const leftOut = (place: string, what: string): Read => ({ remarks: [{ kind: 'left out', what, place }] });

const suffixOf = (path: string): string => /\.[^./]+$/.exec(path)?.[0] ?? 'without a suffix';

const isCandidate = (path: string): boolean =>
  MAY_BE_POST.test(path) && (!/\.html?$/i.test(path) || MAY_BE_HTML_POST.test(path));

/** @throws BrokenPost */
async function readCandidate({ folder, flavour, name }: Blog, path: string): Promise<Read> {
  const file = join(folder.root, path);
  const { size, mtime: modifiedAt } = await stat(file);
  if (size > MAX_BYTES) throw new BrokenPost(`is larger than ${MAX_BYTES / 1024 ** 2} MiB`);
  const text = utf8Text(await readFile(file));
  const isHeadingEnough = flavour.isFrontMatterOptional && !/\.html?$/i.test(path);
  const split = splitFrontMatter(text) ?? (isHeadingEnough ? splitHeading(text) : undefined);
  if (split === undefined) return leftOut(path, 'file without front matter');
  const values =
    'title' in split
      ? { title: split.title }
      : parseFrontMatter(split.language, split.frontMatter, split.line);
  const fields = new Fields(values, flavour.defaultsOf(path));
  if (fields.has(EXPORT_MARK))
    return { post: readInkwellFile({ path, fields, body: split.body, text }), remarks: [] };
  const reason = flavour.leftOut(path, fields);
  if (reason !== undefined) return leftOut(path, reason);
  const remarks = new Remarks(path);
  const post: SourcePost = readPost(
    { key: `markdown:${name}${path}`, path, fields, body: split.body, text, modifiedAt },
    flavour,
    remarks,
  );
  return { post, remarks: remarks.list };
}

/** A broken file that would be left out anyway is not reported as a broken post. */
function brokenOrLeftOut({ flavour }: Blog, path: string, error: BrokenPost): Read {
  const reason = flavour.leftOut(path, new Fields({}));
  return reason === undefined ? { remarks: [error.asRemark(path)] } : leftOut(path, reason);
}

async function read(blog: Blog, path: string): Promise<Read> {
  if (!isCandidate(path)) {
    return leftOut(path, blog.flavour.otherFile?.(path) ?? `file ${suffixOf(path)}, not Markdown`);
  }
  try {
    return await readCandidate(blog, path);
  } catch (error) {
    if (error instanceof BrokenPost) return brokenOrLeftOut(blog, path, error);
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { remarks: [{ kind: 'broken', what: 'cannot be read', place: path, detail: code }] };
  }
}

/**
 * A folder of Markdown with front matter, or a single file.
 * @param name tells its files from those of another blog with the same names
 * @throws UnreadableSource if it contains no Markdown
 */
export function markdownSource(path: string, name = ''): Source {
  const folder = openFolder(path);
  if (!folder.files.some(isCandidate)) throw new UnreadableSource(`${path} holds no Markdown files`);
  const flavour = detectFlavour(folder);
  const blog: Blog = { folder, flavour, name: name === '' ? '' : `${name}:` };
  const unopened: Remark[] = folder.unopened.map((place) => ({
    kind: 'left out',
    what: 'folder or link that was not followed',
    place,
  }));
  return {
    format: flavour.format,
    defaultAuthor: flavour.defaultAuthor,
    size: folder.files.length,
    async *items() {
      yield { position: 0, remarks: unopened };
      for (const [index, file] of folder.files.entries()) {
        yield { position: index + 1, ...(await read(blog, file)) };
      }
    },
  };
}
