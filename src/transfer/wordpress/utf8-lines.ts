import { isUtf8 } from 'node:buffer';

/** Whole lines of a file, and whether their bytes were UTF-8; where they were not, they come one by one. */
export interface Lines {
  readonly text: string;
  readonly isUtf8: boolean;
  readonly bytes: number;
}

const linesOf = (bytes: Buffer): Lines => ({
  text: bytes.toString('utf8'),
  isUtf8: isUtf8(bytes),
  bytes: bytes.length,
});

function* oneByOne(bytes: Buffer): Generator<Lines> {
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(10, start);
    const next = end === -1 ? bytes.length : end + 1;
    yield linesOf(bytes.subarray(start, next));
    start = next;
  }
}

/** Cuts a stream of bytes at line ends only, so that no character is torn. */
export async function* utf8Lines(stream: AsyncIterable<Buffer>): AsyncGenerator<Lines> {
  let rest: Buffer[] = [];
  for await (const chunk of stream) {
    const end = chunk.lastIndexOf(10) + 1;
    if (end === 0) {
      rest.push(chunk);
      continue;
    }
    const bytes = Buffer.concat([...rest, chunk.subarray(0, end)]);
    rest = [chunk.subarray(end)];
    if (isUtf8(bytes)) yield linesOf(bytes);
    else yield* oneByOne(bytes);
  }
  const last = Buffer.concat(rest);
  if (last.length > 0) yield linesOf(last);
}
