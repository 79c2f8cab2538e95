import { hash } from 'node:crypto';

/** The last post of a page. The next page starts after it. */
export interface Position {
  /** The sort key: a time in milliseconds since the epoch, or a text. */
  readonly key: number | string;
  readonly id: number;
}

const ID_BYTES = 4;
const SUM_BYTES = 8;
/** The id, the sum, and as many bytes of UTF-8 as a title has after it was folded to lower case. */
const MAX_BYTES = ID_BYTES + SUM_BYTES + 800;
/** The length of the longest cursor, in characters. */
export const MAX_CURSOR_LENGTH = Math.ceil((MAX_BYTES * 4) / 3);
/** The range that both PostgreSQL and an ISO string with four-digit years can express. */
const EARLIEST = Date.parse('0001-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

/** A checksum that ties the position to its list. */
const sumOf = (position: Buffer, list: string): Buffer =>
  hash('sha256', Buffer.concat([position, Buffer.from(list)]), 'buffer').subarray(0, SUM_BYTES);

function bytesOf(time: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(time));
  return bytes;
}

/** @returns null if the bytes are not a time within the range */
function timeOf(bytes: Buffer): number | null {
  if (bytes.length !== 8) return null;
  const time = Number(bytes.readBigInt64BE());
  return time >= EARLIEST && time <= LATEST ? time : null;
}

/** @returns null if the bytes are not a text that PostgreSQL can express */
function textOf(bytes: Buffer): string | null {
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) && !text.includes('\0') ? text : null;
}

/** @param list identifies the list by its filters and its order; the cursor is not valid for any other */
export function encodeCursor({ key, id }: Position, list: string): string {
  const number = Buffer.alloc(ID_BYTES);
  number.writeInt32BE(id);
  const position = Buffer.concat([typeof key === 'number' ? bytesOf(key) : Buffer.from(key), number]);
  return Buffer.concat([position, sumOf(position, list)]).toString('base64url');
}

/** @returns null if the text is not a cursor of this list */
export function decodeCursor(
  cursor: string,
  list: string,
  type: 'timestamptz' | 'text' = 'timestamptz',
): Position | null {
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.length < ID_BYTES + SUM_BYTES || bytes.length > MAX_BYTES) return null;
  if (bytes.toString('base64url') !== cursor) return null;
  const position = bytes.subarray(0, -SUM_BYTES);
  if (!sumOf(position, list).equals(bytes.subarray(-SUM_BYTES))) return null;
  const id = position.readInt32BE(position.length - ID_BYTES);
  const written = position.subarray(0, -ID_BYTES);
  const key = type === 'text' ? textOf(written) : timeOf(written);
  return key !== null && id > 0 ? { key, id } : null;
}
