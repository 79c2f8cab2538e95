import { isUtf8 } from 'node:buffer';
import { BrokenPost } from './remarks.js';

/** The line, from 1, that contains a byte. */
const lineOfByte = (bytes: Buffer, index: number): number => {
  let line = 1;
  for (let at = bytes.indexOf(10); at !== -1 && at < index; at = bytes.indexOf(10, at + 1)) line += 1;
  return line;
};

/**
 * The first line that is not UTF-8. A broken sequence never extends past a line feed, so each line can be checked
 * alone.
 */
function brokenLine(bytes: Buffer): number {
  for (let start = 0, line = 1; ; line += 1) {
    const end = bytes.indexOf(10, start);
    if (end === -1 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
}

/**
 * Decodes the text of a file, without a byte order mark.
 * @throws BrokenPost with the line if the bytes are not UTF-8 or contain a NUL, which PostgreSQL cannot store
 */
export function utf8Text(bytes: Buffer): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new BrokenPost('is UTF-16, not UTF-8', { line: 1 });
  }
  const nul = bytes.indexOf(0);
  if (nul !== -1) throw new BrokenPost('holds a NUL byte', { line: lineOfByte(bytes, nul) });
  if (!isUtf8(bytes)) throw new BrokenPost('is not UTF-8', { line: brokenLine(bytes) });
  const text = bytes.toString('utf8');
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
