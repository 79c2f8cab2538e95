import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import {
  centralRecord,
  endRecords,
  writeZip,
  type ZippedFile,
} from '../../../src/transfer/archive/write-zip.js';

const LOCAL_HEADER = Buffer.from('PK\x03\x04', 'latin1');
const CENTRAL_RECORD = Buffer.from('PK\x01\x02', 'latin1');
const FLAGS_OF_RECORD = 8;
const ATTRIBUTES_OF_RECORD = 38;

/** A ZIP of files in the given order. The same name may occur twice. */
export async function zipOf(
  files: Iterable<readonly [name: string, text: string | Buffer]>,
): Promise<Buffer> {
  const all = async function* (): AsyncGenerator<ZippedFile> {
    for (const [name, text] of files) yield { name, bytes: Buffer.from(text), modifiedAt: new Date(1e12) };
  };
  const parts: Buffer[] = [];
  for await (const part of writeZip(all())) parts.push(part);
  return Buffer.concat(parts);
}

/** A ZIP of a folder as people make it: with the folder itself at its top. */
export const zipOfFolder = (path: string): Promise<Buffer> =>
  zipOf(
    readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [`${basename(path)}/${relative(path, file)}`, readFileSync(file)] as const),
  );

/** A ZIP of so many empty files, with different names and the same bytes. */
export async function zipOfMany(count: number): Promise<Buffer> {
  const first = await zipOf([['0.md', '']]);
  const bytes = first.subarray(0, first.indexOf(CENTRAL_RECORD));
  const record = { crc: 0, packed: 2, unpacked: 0, offset: 0, modifiedAt: new Date(1e12) };
  const records = Array.from({ length: count }, (_, index) =>
    centralRecord({ ...record, name: Buffer.from(`${index}.md`) }),
  );
  const directory = Buffer.concat(records);
  return Buffer.concat([bytes, directory, endRecords(count, directory.length, bytes.length)]);
}

/** @param archive its first entry becomes a symbolic link */
export function withLink(archive: Buffer): Buffer {
  const changed = Buffer.from(archive);
  changed.writeUInt32LE((0o120777 << 16) >>> 0, changed.indexOf(CENTRAL_RECORD) + ATTRIBUTES_OF_RECORD);
  return changed;
}

/** @param archive its first entry says that it is encrypted */
export function encrypted(archive: Buffer): Buffer {
  const changed = Buffer.from(archive);
  const at = changed.indexOf(CENTRAL_RECORD) + FLAGS_OF_RECORD;
  changed.writeUInt16LE(changed.readUInt16LE(at) | 1, at);
  return changed;
}

/** @param archive one bit of the first file changes */
export function withFlippedBit(archive: Buffer): Buffer {
  const changed = Buffer.from(archive);
  const start = changed.indexOf(LOCAL_HEADER);
  const data = start + 30 + changed.readUInt16LE(start + 26) + changed.readUInt16LE(start + 28);
  const middle = data + (changed.readUInt32LE(start + 18) >> 1);
  changed[middle] = changed[middle]! ^ 1;
  return changed;
}

export const post = (title: string): string => `---\ntitle: ${title}\ndate: 2020-01-01\n---\n\nText.\n`;
