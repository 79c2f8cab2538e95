import { hash } from 'node:crypto';

/** The last post of a page. The next page starts after it. */
export interface Position {
  /** `created_at` in milliseconds since the epoch. */
  readonly createdAt: number;
  readonly id: number;
}

const SUM_BYTES = 8;
const BYTES = 8 + 4 + SUM_BYTES;
/** The range that both PostgreSQL and an ISO string with four-digit years can express. */
const EARLIEST = Date.parse('0001-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

/** A checksum that ties the position to its list. */
const sumOf = (position: Buffer, list: string): Buffer =>
  hash('sha256', Buffer.concat([position, Buffer.from(list)]), 'buffer').subarray(0, SUM_BYTES);

/** @param list identifies the list by its filters; the cursor is not valid for any other */
export function encodeCursor({ createdAt, id }: Position, list: string): string {
  const position = Buffer.alloc(BYTES - SUM_BYTES);
  position.writeBigInt64BE(BigInt(createdAt));
  position.writeInt32BE(id, 8);
  return Buffer.concat([position, sumOf(position, list)]).toString('base64url');
}

/** @returns null if the text is not a cursor of this list */
export function decodeCursor(cursor: string, list: string): Position | null {
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.length !== BYTES || bytes.toString('base64url') !== cursor) return null;
  const position = bytes.subarray(0, BYTES - SUM_BYTES);
  if (!sumOf(position, list).equals(bytes.subarray(BYTES - SUM_BYTES))) return null;
  const createdAt = Number(position.readBigInt64BE());
  const id = position.readInt32BE(8);
  return createdAt >= EARLIEST && createdAt <= LATEST && id > 0 ? { createdAt, id } : null;
}
