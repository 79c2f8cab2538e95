/**
 * The bytes in memory of their own. A slice keeps alive all that it was cut from, such as Node's pool for small buffers,
 * a chunk of the network, or the work space of a compressor: what an entry holds would be many times what it counts.
 */
export function bytesInOwnMemory(content: string | Buffer): Buffer {
  const own = Buffer.allocUnsafeSlow(Buffer.byteLength(content));
  if (typeof content === 'string') own.write(content);
  else content.copy(own);
  return own;
}

/** A copy that shares nothing: V8 keeps a piece of a string, such as of a URL, as a reference to the whole. */
export const dataInOwnMemory = <T>(data: T): T => JSON.parse(JSON.stringify(data)) as T;
