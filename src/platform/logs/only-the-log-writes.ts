import type { Log } from './log.js';

/** Enough to identify the writer. */
const MAX_LENGTH = 1_000;

const textOf = (chunk: string | Uint8Array): string =>
  (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()).slice(0, MAX_LENGTH).trimEnd();

/** The encoding is optional among the arguments of a stream's `write`. */
const callbackOf = (...rest: unknown[]): (() => void) | undefined =>
  rest.find((argument) => typeof argument === 'function') as (() => void) | undefined;

function redirect(stream: NodeJS.WriteStream, record: (text: string) => void): () => void {
  const write = stream.write.bind(stream);
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    record(textOf(chunk));
    const callback = callbackOf(...rest);
    if (callback !== undefined) process.nextTick(callback);
    return true;
  };
  return () => (stream.write = write);
}

/**
 * Turns everything else written to standard output or error into records of the log: from `console` in any thread, from
 * dependencies, and Node's warnings. Such text may come from clients, and its line breaks could forge log lines.
 * @param log writes to the file descriptors itself, or through `write` functions taken before
 * @returns a function that restores both streams
 */
export function letOnlyTheLogWrite(log: Log): () => void {
  const context = 'Output';
  const restore = [
    redirect(process.stdout, (text) => log.debug({ context }, text)),
    redirect(process.stderr, (text) => log.warn({ context }, text)),
  ];
  // Node's own listener writes directly to the file descriptor.
  process.removeAllListeners('warning');
  process.on('warning', (error) => log.warn({ context, error }, error.message));
  return () => restore.forEach((undo) => undo());
}
