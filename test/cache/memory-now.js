/** One collection leaves what its finalizers free. */
const COLLECTIONS = 4;

/** Bytes; `held` is the heap and what it keeps outside, such as buffers, without garbage. Needs --expose-gc. */
export function memoryNow() {
  for (let i = 0; i < COLLECTIONS; i += 1) globalThis.gc();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, held: heapUsed + external };
}
