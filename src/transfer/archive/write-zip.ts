import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';

/** A file of a ZIP. */
export interface ZippedFile {
  /** With forward slashes. */
  readonly name: string;
  readonly bytes: Buffer;
  readonly modifiedAt: Date;
}

const deflated = promisify(deflateRaw);

const VERSION = 20;
const VERSION_ZIP64 = 45;
/** The upper byte names the system whose file modes follow: Unix. */
const MADE_BY = (3 << 8) | VERSION_ZIP64;
const UTF8_NAME = 0x0800;
const DEFLATE = 8;
const REGULAR_FILE = (0o100644 << 16) >>> 0;
const MAX_16 = 0xffff;
const MAX_32 = 0xffffffff;
/** Records of the central directory are joined, because a Buffer for each would take several times their bytes. */
const JOINED_RECORDS = 1_000;

/** Where a file is in the archive. */
export interface ZipEntry {
  readonly name: Buffer;
  readonly crc: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly offset: number;
  readonly modifiedAt: Date;
}

/** Writes little-endian numbers one after the other. */
class Record {
  private at = 0;

  constructor(private readonly buffer: Buffer) {}

  u16(...values: number[]): this {
    for (const value of values) this.at = this.buffer.writeUInt16LE(value, this.at);
    return this;
  }

  u32(...values: number[]): this {
    for (const value of values) this.at = this.buffer.writeUInt32LE(value, this.at);
    return this;
  }

  u64(...values: number[]): this {
    for (const value of values) this.at = this.buffer.writeBigUInt64LE(BigInt(value), this.at);
    return this;
  }
}

const recordOf = (bytes: number, write: (record: Record) => void): Buffer => {
  const buffer = Buffer.alloc(bytes);
  write(new Record(buffer));
  return buffer;
};

/** In UTC, with a resolution of two seconds. The format begins in 1980 and ends in 2107. */
function dosTime(date: Date): [time: number, date: number] {
  const year = Math.min(2107, Math.max(1980, date.getUTCFullYear()));
  return [
    (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1),
    ((year - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate(),
  ];
}

/** APPNOTE 4.3.7 */
const localHeader = ({ name, crc, packed, unpacked, modifiedAt }: ZipEntry): Buffer =>
  Buffer.concat([
    recordOf(30, (record) =>
      record
        .u32(0x04034b50)
        .u16(VERSION, UTF8_NAME, DEFLATE, ...dosTime(modifiedAt))
        .u32(crc, packed, unpacked)
        .u16(name.length, 0),
    ),
    name,
  ]);

/** APPNOTE 4.3.12. An offset of 4 GiB and more goes into a ZIP64 field (4.5.3). */
export function centralRecord({ name, crc, packed, unpacked, offset, modifiedAt }: ZipEntry): Buffer {
  const isFar = offset >= MAX_32;
  const far = isFar ? recordOf(12, (record) => record.u16(1, 8).u64(offset)) : Buffer.alloc(0);
  const head = recordOf(46, (record) =>
    record
      .u32(0x02014b50)
      .u16(MADE_BY, isFar ? VERSION_ZIP64 : VERSION, UTF8_NAME, DEFLATE, ...dosTime(modifiedAt))
      .u32(crc, packed, unpacked)
      .u16(name.length, far.length, 0, 0, 0)
      .u32(REGULAR_FILE, Math.min(offset, MAX_32)),
  );
  return Buffer.concat([head, name, far]);
}

/** APPNOTE 4.3.14 to 4.3.16. The ZIP64 records are always written; they do not disturb readers that need none. */
export function endRecords(count: number, size: number, offset: number): Buffer {
  const zip64 = recordOf(56, (record) =>
    record.u32(0x06064b50).u64(44).u16(MADE_BY, VERSION_ZIP64).u32(0, 0).u64(count, count, size, offset),
  );
  const locator = recordOf(20, (record) =>
    record
      .u32(0x07064b50, 0)
      .u64(offset + size)
      .u32(1),
  );
  const [shortCount, shortSize, shortOffset] = [
    Math.min(count, MAX_16),
    Math.min(size, MAX_32),
    Math.min(offset, MAX_32),
  ];
  const end = recordOf(22, (record) =>
    record.u32(0x06054b50).u16(0, 0, shortCount, shortCount).u32(shortSize, shortOffset).u16(0),
  );
  return Buffer.concat([zip64, locator, end]);
}

/**
 * Writes a ZIP while it is read: memory holds one file and about 100 bytes for each file before it.
 * @param files each shorter than 4 GiB, with different names
 */
export async function* writeZip(files: AsyncIterable<ZippedFile>): AsyncGenerator<Buffer, void, undefined> {
  const directory: Buffer[] = [];
  let records: Buffer[] = [];
  let [offset, count] = [0, 0];
  for await (const { name, bytes, modifiedAt } of files) {
    const packed = await deflated(bytes);
    const entry: ZipEntry = {
      ...{ name: Buffer.from(name), crc: crc32(bytes), packed: packed.length },
      ...{ unpacked: bytes.length, offset, modifiedAt },
    };
    const header = localHeader(entry);
    yield header;
    yield packed;
    offset += header.length + packed.length;
    count += 1;
    records.push(centralRecord(entry));
    if (records.length === JOINED_RECORDS) {
      directory.push(Buffer.concat(records));
      records = [];
    }
  }
  directory.push(Buffer.concat(records));
  yield* directory;
  yield endRecords(
    count,
    directory.reduce((sum, { length }) => sum + length, 0),
    offset,
  );
}
