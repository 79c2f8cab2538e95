import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { openSource } from '../open-source.js';
import { type Source, UnreadableSource } from '../source.js';
import { ImportRefused } from './import-refused.js';
import { unpackZip } from './unpack-zip.js';

/** A Ghost export is read as a whole. A larger one would stop the server for too long. */
const MAX_GHOST_BYTES = 64 * 1024 ** 2;
const IS_MARKDOWN = /\.(?:md|mdx|markdown|mdown|mkdn?)$/i;
const IS_EXPORT = /\.(?:xml|json)$/i;

const startOf = (path: string): string => {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(4);
    return buffer.toString('latin1', 0, readSync(file, buffer));
  } finally {
    closeSync(file);
  }
};

const isZip = (path: string): boolean => ['PK\x03\x04', 'PK\x05\x06'].includes(startOf(path));

/** Opens it with the place that people know, not the place on this server. @throws ImportRefused */
function open(path: string, root: string): Source {
  try {
    const stats = statSync(path);
    if (/\.json$/i.test(path) && stats.size > MAX_GHOST_BYTES) throw new ImportRefused('ghost_too_large');
    return openSource(path);
  } catch (error) {
    throw refusalOf(error, root);
  }
}

/** @param root is removed from the message */
function refusalOf(error: unknown, root: string): unknown {
  if (!(error instanceof UnreadableSource)) return error;
  const detail = error.message.replaceAll(`${root}${sep}`, '').replaceAll(root, 'The archive');
  return new ImportRefused('unreadable', detail, { cause: error });
}

/**
 * Several exports in one archive, as WordPress.com splits a large blog, are read one after the other.
 * @param others files that are no exports
 */
const joined = (sources: readonly Source[], others: readonly string[]): Source => ({
  format: sources[0]!.format,
  defaultAuthor: sources[0]!.defaultAuthor,
  size: sources.reduce((sum, { size }) => sum + size, 0),
  async *items() {
    yield {
      position: 0,
      remarks: others.map((place) => ({ kind: 'left out', what: 'file that is no export', place })),
    };
    let before = 0;
    for (const source of sources) {
      for await (const item of source.items()) yield { ...item, position: before + item.position };
      before += source.size;
    }
  },
});

/** Like the source, but a fault that shows while it is read is a refusal too. */
const refusing = (source: Source, root: string): Source => ({
  ...source,
  async *items() {
    try {
      yield* source.items();
    } catch (error) {
      throw refusalOf(error, root);
    }
  },
});

/** An archive of a folder usually holds only that folder. */
async function topOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  const [only] = entries;
  return entries.length === 1 && only?.isDirectory() === true ? join(folder, only.name) : folder;
}

async function openFolder(folder: string): Promise<Source> {
  const top = await topOf(folder);
  const names = (await readdir(top, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(top, join(entry.parentPath, entry.name)))
    .sort();
  const exports = names.filter((name) => IS_EXPORT.test(name));
  return names.some((name) => IS_MARKDOWN.test(name)) || exports.length === 0
    ? open(top, top)
    : openExports(top, exports);
}

/** @throws ImportRefused if none of the files is an export */
function openExports(top: string, names: readonly string[]): Source {
  const sources: Source[] = [];
  const refusals = new Map<string, unknown>();
  for (const name of names) {
    try {
      sources.push(open(join(top, name), top));
    } catch (error) {
      if (!(error instanceof ImportRefused) || error.reason !== 'unreadable') throw error;
      refusals.set(name, error);
    }
  }
  if (sources.length === 0) throw refusals.values().next().value;
  return joined(sources, [...refusals.keys()]);
}

/**
 * Opens an uploaded file: a ZIP of a folder of Markdown or of exports, a Markdown file, or an export of WordPress or Ghost.
 * @param path the file, alone in its folder
 * @param folder where a ZIP is unpacked; it does not exist
 * @throws ImportRefused; what `signal` is aborted with
 */
export async function openUpload(path: string, folder: string, signal: AbortSignal): Promise<Source> {
  if (!isZip(path)) return refusing(open(path, dirname(path)), dirname(path));
  await mkdir(folder);
  await unpackZip(path, folder, signal);
  return refusing(await openFolder(folder), folder);
}
