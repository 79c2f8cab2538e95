import { isUtf8 } from 'node:buffer';
import { createWriteStream } from 'node:fs';
import { mkdir, open, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { type Entry, getFileNameLowLevel, openPromise, validateFileName, type ZipFile } from 'yauzl';
import { ImportRefused } from './import-refused.js';

/** Twice as many files as the largest blogs have, pictures included. */
const MAX_ENTRIES = 50_000;
const MAX_NAME_BYTES = 1_000;
const MAX_DEPTH = 32;
/** Text and markup shrink to a twentieth at most. A bomb shrinks to a thousandth. */
const MAX_RATIO = 100;
/** Short files may shrink more. */
const ANY_RATIO_BYTES = 1024 ** 2;
const MAX_UNPACKED_BYTES = 1024 ** 3;

/** The files that an import reads: posts, the configuration of generators, and exports of other systems. */
const IS_READ = /\.(?:md|mdx|markdown|mdown|mkdn?|html?|xml|json|ya?ml|toml|[cm]?[jt]s)$/i;
/** Made by macOS beside the real files. */
const OF_MACOS = /(?:^|\/)(?:__MACOSX\/|\._|\.DS_Store$)/;

const FILE_TYPE = 0o170000;
const SYMBOLIC_LINK = 0o120000;

const typeOf = ({ externalFileAttributes }: Entry): number => (externalFileAttributes >>> 16) & FILE_TYPE;

/** Decoded as UTF-8 if that is possible: macOS writes UTF-8 without saying so. */
const nameOf = (entry: Entry): string =>
  isUtf8(entry.fileNameRaw)
    ? entry.fileNameRaw.toString().replaceAll('\\', '/')
    : getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);

/** @throws ImportRefused */
function assertHarmlessName(name: string, entry: Entry): void {
  const isHarmless =
    validateFileName(name) === null &&
    !/\p{Cc}/u.test(name) &&
    entry.fileNameRaw.length <= MAX_NAME_BYTES &&
    name.split('/').length <= MAX_DEPTH;
  if (!isHarmless) throw new ImportRefused('archive_path', name);
  if (typeOf(entry) === SYMBOLIC_LINK) throw new ImportRefused('archive_link', name);
}

/** @throws ImportRefused */
function assertReadable(name: string, entry: Entry): void {
  if (entry.isEncrypted()) throw new ImportRefused('archive_encrypted', name);
  if (!entry.canDecodeFileData()) throw new ImportRefused('archive_damaged', name);
  const { compressedSize, uncompressedSize } = entry;
  if (uncompressedSize > ANY_RATIO_BYTES && uncompressedSize > MAX_RATIO * compressedSize)
    throw new ImportRefused('archive_bomb', name);
}

/** @throws ImportRefused if what passed has another checksum */
function checkedAgainst({ crc32: expected }: Entry, name: string): Transform {
  let sum = 0;
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      sum = crc32(chunk, sum);
      done(null, chunk);
    },
    flush: (done) => done(sum === expected ? null : new ImportRefused('archive_damaged', name)),
  });
}

/** Writes the entries of one archive below a folder. */
class Unpacking {
  private unpacked = 0;
  private readonly folders = new Set<string>();

  constructor(
    private readonly zip: ZipFile,
    private readonly folder: string,
    private readonly signal: AbortSignal,
  ) {}

  async take(entry: Entry): Promise<void> {
    const name = nameOf(entry);
    assertHarmlessName(name, entry);
    if (OF_MACOS.test(name)) return;
    const path = join(this.folder, name);
    if (name.endsWith('/')) return this.makeFolder(path);
    await this.makeFolder(dirname(path));
    if (IS_READ.test(name)) await this.write(entry, name, path);
    else await touch(path);
    const modifiedAt = entry.getLastModDate({ timezone: 'UTC' });
    await utimes(path, modifiedAt, modifiedAt);
  }

  private async makeFolder(path: string): Promise<void> {
    if (this.folders.has(path)) return;
    await mkdir(path, { recursive: true });
    this.folders.add(path);
  }

  private async write(entry: Entry, name: string, path: string): Promise<void> {
    assertReadable(name, entry);
    this.unpacked += entry.uncompressedSize;
    if (this.unpacked > MAX_UNPACKED_BYTES) throw new ImportRefused('archive_too_large', name);
    // The reader ends with an error when there are more bytes than the entry says.
    const content = await this.zip.openReadStreamPromise(entry);
    const file = createWriteStream(path, { flags: 'wx' });
    await pipeline(content, checkedAgainst(entry, name), file, { signal: this.signal });
  }
}

/** The report names files that are no posts, but nobody reads them. */
async function touch(path: string): Promise<void> {
  await (await open(path, 'wx')).close();
}

const REASONS: Readonly<Record<string, 'archive_twice' | 'archive_path'>> = {
  EEXIST: 'archive_twice',
  EISDIR: 'archive_twice',
  ENOTDIR: 'archive_twice',
  ENAMETOOLONG: 'archive_path',
};

/** Faults of this server, such as a full disk. */
const isOfSystem = ({ code }: NodeJS.ErrnoException): boolean => code !== undefined && /^E[A-Z]+$/.test(code);

function refusalOf(error: NodeJS.ErrnoException, folder: string): Error {
  if (error instanceof ImportRefused || error.name === 'AbortError') return error;
  const reason = REASONS[error.code ?? ''];
  if (reason !== undefined)
    return new ImportRefused(reason, (error.path ?? '').replace(`${folder}/`, ''), { cause: error });
  return isOfSystem(error) ? error : new ImportRefused('archive_damaged', error.message, { cause: error });
}

/**
 * Unpacks an archive that may be hostile. Nothing is written outside of `folder`, links are refused, and files that no
 * import opens, such as pictures, are created empty.
 * @param folder exists and is empty
 * @throws ImportRefused; what `signal` is aborted with; system errors
 */
export async function unpackZip(path: string, folder: string, signal: AbortSignal): Promise<void> {
  try {
    const zip = await openPromise(path, { lazyEntries: true, autoClose: false, decodeStrings: false });
    try {
      if (zip.entryCount > MAX_ENTRIES) throw new ImportRefused('archive_too_many', String(zip.entryCount));
      const unpacking = new Unpacking(zip, folder, signal);
      for await (const entry of zip.eachEntry()) {
        signal.throwIfAborted();
        await unpacking.take(entry);
      }
    } finally {
      zip.close();
    }
  } catch (error) {
    throw refusalOf(error as NodeJS.ErrnoException, folder);
  }
}
