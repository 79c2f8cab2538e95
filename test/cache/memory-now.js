/** A collection runs finalizers, which free memory for the next one. */
const COLLECTIONS = 4;

/** Bytes. `held` is the heap and external memory, such as buffers, without garbage. Needs --expose-gc. */
export function memoryNow() {
  for (let i = 0; i < COLLECTIONS; i += 1) globalThis.gc();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, held: heapUsed + external };
}
