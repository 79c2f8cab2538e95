import { describe, expect, it } from '@jest/globals';
import { readableLines } from './readable-lines.js';

const time = '2026-11-22T19:00:00.000Z';

function written(line: object, isTTY = false): string {
  let text = '';
  const output = { isTTY, write: (chunk: string) => ((text += chunk), true) };
  readableLines(output as unknown as NodeJS.WriteStream).write(JSON.stringify({ time, ...line }));
  return text;
}

describe('readableLines', () => {
  it('shows level, context, message and the other members in one line', () => {
    const line = { level: 'info', pid: 7, context: 'Redis', msg: 'back', after_ms: 12 };
    expect(written(line)).toMatch(/^\d\d:\d\d:\d\d info {2}\[Redis\] back after_ms=12\n$/);
  });

  it('indents a stack below its line', () => {
    const error = { stack: 'Error: no\n    at one\n    at two' };
    expect(written({ level: 'error', msg: 'no', error }).split('\n').slice(1)).toEqual([
      '    Error: no',
      '    at one',
      '    at two',
      '',
    ]);
  });

  it.each(['a\nb', 'a\rb', 'a\u001b[2Jb', 'a\u0085b', 'a\u2028b', 'a\u009bb', 'a\u0000b'])(
    'lets no control character of %j through',
    (text) => {
      const shown = written({ level: 'info', msg: text, context: text, member: text });
      expect(shown.trimEnd()).not.toMatch(/[\p{Cc}\u2028]/u);
      expect(shown.match(/a\\u[\da-f]{4}/g)).toHaveLength(3);
    },
  );

  it('colours only what a terminal shows', () => {
    expect(written({ level: 'warn', msg: 'hm' }, true)).toContain('\u001b[33m');
    expect(written({ level: 'warn', msg: 'hm' }, false)).not.toContain('\u001b');
  });
});
