import { isUtf8 } from 'node:buffer';

/** Whole lines of a file, and whether their bytes are valid UTF-8. Invalid lines come one by one. */
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

/** Longer than any line of a post that can be kept. A longer line is cut. */
const MAX_LINE_BYTES = 1024 ** 2;
const SPACE = 0x20;
const END_OF_TAG = 0x3e;

/**
 * The position to cut text at: after a line, or in a very long line after a space or a tag, where it splits no
 * reference.
 */
function cutOf(chunk: Buffer, heldBytes: number): number {
  const end = chunk.lastIndexOf(10) + 1;
  if (end > 0 || heldBytes + chunk.length < MAX_LINE_BYTES) return end;
  const soft = Math.max(chunk.lastIndexOf(SPACE), chunk.lastIndexOf(END_OF_TAG)) + 1;
  return soft > 0 ? soft : beforeTornCharacter(chunk);
}

/** In UTF-8, the first byte of a character is recognisable. */
function beforeTornCharacter(chunk: Buffer): number {
  let end = chunk.length - 1;
  while (end > 0 && (chunk[end]! & 0xc0) === 0x80) end -= 1;
  return end;
}

/** Splits a stream of bytes at line ends, so that no character is split. Very long lines are split within. */
export async function* utf8Lines(stream: AsyncIterable<Buffer>): AsyncGenerator<Lines> {
  let rest: Buffer[] = [];
  let heldBytes = 0;
  for await (const chunk of stream) {
    const end = cutOf(chunk, heldBytes);
    if (end === 0) {
      rest.push(chunk);
      heldBytes += chunk.length;
      continue;
    }
    const bytes = Buffer.concat([...rest, chunk.subarray(0, end)]);
    rest = [chunk.subarray(end)];
    heldBytes = chunk.length - end;
    if (isUtf8(bytes)) yield linesOf(bytes);
    else yield* oneByOne(bytes);
  }
  const last = Buffer.concat(rest);
  if (last.length > 0) yield linesOf(last);
}
