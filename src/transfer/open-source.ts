import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { ghostSource } from './ghost/ghost-source.js';
import { markdownSource } from './markdown/markdown-source.js';
import { type Source, UnreadableSource } from './source.js';
import { wordpressSource } from './wordpress/wordpress-source.js';

/** Enough to contain the declarations at the start of a WXR file. */
const HEAD_BYTES = 4096;

function headOf(path: string): string {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(HEAD_BYTES);
    return buffer.toString('utf8', 0, readSync(file, buffer));
  } finally {
    closeSync(file);
  }
}

const isWxr = (head: string): boolean => /<rss\b/.test(head) && head.includes('wordpress.org/export/');

/**
 * Opens a blog and detects its kind: a folder of Markdown (or one file), a WordPress export, or a Ghost export.
 * @param name of a folder's blog, if another has files with the same names
 * @throws UnreadableSource if it is none of them
 */
export function openSource(path: string, name = ''): Source {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new UnreadableSource(`${path} does not exist`);
  if (stats.isDirectory() || /\.(?:md|mdx|markdown)$/i.test(path)) return markdownSource(path, name);
  const head = headOf(path);
  if (isWxr(head)) return wordpressSource(path);
  if (/^\uFEFF?\s*\{/.test(head)) return ghostSource(path);
  throw new UnreadableSource(
    `${path} is neither a folder of Markdown, nor a WordPress export (.xml), nor a Ghost export (.json)`,
  );
}
