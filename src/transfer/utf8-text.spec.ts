import { describe, expect, it } from '@jest/globals';
import { BrokenPost } from './remarks.js';
import { utf8Text } from './utf8-text.js';

const refusal = (bytes: Buffer): string => {
  try {
    return utf8Text(bytes);
  } catch (error) {
    if (!(error instanceof BrokenPost)) throw error;
    return `${error.what}, line ${error.options.line}`;
  }
};

describe('utf8Text', () => {
  it('reads UTF-8 without its byte order mark', () => {
    expect(utf8Text(Buffer.from('\uFEFF안녕\r\n'))).toBe('안녕\r\n');
    expect(utf8Text(Buffer.from(''))).toBe('');
  });

  it.each([
    ['EUC-KR', Buffer.from([0x61, 0x0a, 0xbe, 0xc8, 0xb3, 0xe7, 0x0a]), 'is not UTF-8, line 2'],
    ['Latin-1 at the very end', Buffer.from('a\n\nb\xe9', 'latin1'), 'is not UTF-8, line 3'],
    ['a NUL', Buffer.from('a\nb\0c\n'), 'holds a NUL byte, line 2'],
    ['UTF-16', Buffer.from('\uFEFFtitle', 'utf16le'), 'is UTF-16, not UTF-8, line 1'],
  ])('names the line of %s', (_, bytes, refused) => expect(refusal(bytes)).toBe(refused));
});
