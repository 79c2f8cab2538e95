import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formerPath } from '../../../src/platform/slugs/former-path.js';
import { markdownSource } from '../../../src/transfer/markdown/markdown-source.js';
import type { SourcePost } from '../../../src/transfer/source.js';

const folders: string[] = [];

/** A folder with these files, which exists until `removeBlogs`. */
export function blog(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'inkwell-blog-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

interface Read {
  readonly format: string;
  readonly author: string | undefined;
  readonly posts: Readonly<Record<string, SourcePost>>;
  /** `kind what (place)` */
  readonly remarks: string[];
}

export const removeBlogs = (): void => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
};

/** Everything read from a folder, with all remarks. */
export async function read(path: string): Promise<Read> {
  const source = markdownSource(path);
  const posts: Record<string, SourcePost> = {};
  const remarks: string[] = [];
  for await (const { post, remarks: ofPost } of source.items()) {
    if (post !== undefined) posts[post.place] = post;
    remarks.push(...ofPost.map(({ kind, what, place }) => `${kind} ${what} (${place})`));
  }
  return { format: source.format, author: source.defaultAuthor, posts, remarks };
}

export const pathsOf = (post: SourcePost | undefined): (string | undefined)[] =>
  (post?.formerAddresses ?? []).map(formerPath);

/** A file with YAML front matter. */
export const file = (frontMatter: string, body = 'Text.'): string => `---\n${frontMatter}\n---\n\n${body}\n`;
