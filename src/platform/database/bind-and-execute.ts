/** The value types that may be sent this way. node-postgres can encode all others. */
export type PlainValue = string | number | boolean | null;

export const isPlain = (value: unknown): value is PlainValue =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** The messages Execute, for all rows of the unnamed portal, and Sync. */
const EXECUTE_AND_SYNC = Buffer.from([0x45, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0x53, 0, 0, 0, 4]);
const NULL = -1;

/**
 * Builds PostgreSQL's messages Bind, Execute and Sync as one buffer (PostgreSQL documentation, "Message Formats").
 * node-postgres makes one buffer and one write per message.
 * @param name of a prepared statement
 * @param values in text format, which the results have too
 */
export function bindAndExecute(name: string, values: readonly PlainValue[]): Buffer {
  const texts = values.map((value) => (value === null ? null : String(value)));
  const lengths = texts.map((text) => (text === null ? NULL : Buffer.byteLength(text)));
  // Length, terminator of the portal, name with its terminator, formats, number of values, formats of the results.
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
