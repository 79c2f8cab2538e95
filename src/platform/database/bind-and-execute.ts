/** What a statement may be given here; node-postgres knows how to write everything else. */
export type PlainValue = string | number | boolean | null;

export const isPlain = (value: unknown): value is PlainValue =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** Execute of the unnamed portal, all its rows; then Sync. */
const EXECUTE_AND_SYNC = Buffer.from([0x45, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0x53, 0, 0, 0, 4]);
const NULL = -1;

/**
 * PostgreSQL's messages Bind, Execute and Sync in one piece (PostgreSQL documentation, "Message Formats"): node-postgres makes a
 * buffer and a write of each.
 * @param name of a prepared statement @param values as text, the results too
 */
export function bindAndExecute(name: string, values: readonly PlainValue[]): Buffer {
  const texts = values.map((value) => (value === null ? null : String(value)));
  const lengths = texts.map((text) => (text === null ? NULL : Buffer.byteLength(text)));
  // Length, portal's end, name and its end, formats, number of values, formats of the results.
  const fixed = 4 + 1 + Buffer.byteLength(name) + 1 + 2 + 2 + 2;
  const length = lengths.reduce((sum, bytes) => sum + 4 + Math.max(0, bytes), fixed);
  const message = Buffer.allocUnsafe(1 + length + EXECUTE_AND_SYNC.length);
  let at = message.writeUInt8(0x42, 0);
  at = message.writeUInt32BE(length, at);
  at = message.writeUInt8(0, at);
  at += message.write(name, at);
  at = message.writeUInt8(0, at);
  at = message.writeUInt16BE(0, at);
  at = message.writeUInt16BE(values.length, at);
  for (const [index, text] of texts.entries()) {
    at = message.writeInt32BE(lengths[index]!, at);
    if (text !== null) at += message.write(text, at);
  }
  at = message.writeUInt16BE(0, at);
  EXECUTE_AND_SYNC.copy(message, at);
  return message;
}
