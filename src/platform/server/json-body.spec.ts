import { describe, expect, it } from '@jest/globals';
import { documentOf } from './json-body.js';

const read = (text: string): unknown => documentOf(Buffer.from(text));
const refusalOf = (text: string): unknown => {
  try {
    return { accepted: read(text) };
  } catch (error) {
    return (error as { code?: string }).code ?? (error as Error).name;
  }
};

describe('documentOf', () => {
  it.each([
    '{"a":[1,{"b":"c"}],"d":null}',
    '"a \\" quoted \\\\ text, with [ and { in it"',
    `"${'\\\\'.repeat(101)}"`,
    '{"emoji":"\\ud83d\\ude00","plain":"😀"}',
    `[${'1,'.repeat(9_000)}1]`,
    '['.repeat(32) + ']'.repeat(32),
    ' "" ',
    '\ufeff{}',
    `{"a":"${'x'.repeat(100)}\\"${'y'.repeat(100)}\\\\","b":["${'z'.repeat(40)}\\\\\\"]["]}`,
  ])('reads %s as JSON.parse does', (text) => {
    expect(read(text)).toEqual(JSON.parse(text.replace('\ufeff', '')));
  });

  it.each([
    ['33 levels of arrays', '['.repeat(33) + ']'.repeat(33), 'request.too_deep'],
    ['33 levels of objects', '{"a":'.repeat(33) + '1' + '}'.repeat(33), 'request.too_deep'],
    [
      '33 levels beside much else',
      `["${'x'.repeat(20_000)}",${'['.repeat(32) + ']'.repeat(32)}]`,
      'request.too_deep',
    ],
    ['levels that are never closed', '['.repeat(1_000_000), 'request.too_deep'],
    ['10,001 values', `[${'1,'.repeat(10_000)}1]`, 'request.too_many_values'],
    ['10,001 empty objects', `[${'{},'.repeat(10_000)}{}]`, 'request.too_many_values'],
    ['an escaped NUL', '"a\\u0000b"', 'request.invalid_text'],
    ['a NUL', '"a\0b"', 'request.invalid_text'],
    ['a NUL in a key', '{"a\\u0000":1}', 'request.invalid_text'],
    ['half of a pair', '{"a":["\\ud83d"]}', 'request.invalid_text'],
    ['the other half', '"\\uDE00"', 'request.invalid_text'],
    ['a prototype', '{"a":{"__proto__":{"b":1}}}', 'request.malformed'],
    ['a prototype in escapes', '{"\\u005f_proto__":1}', 'request.malformed'],
    ['a prototype of a constructor', '{"constructor":{"prototype":{}}}', 'request.malformed'],
    ['an escape that is cut short before levels', `"\\u",${'['.repeat(100_000)}`, 'request.malformed'],
    ['nothing', '', 'request.malformed'],
    ['no JSON', '{"a":', 'request.malformed'],
    ['a string without an end', '"abc\\', 'request.malformed'],
    ['a line end in a string', '"a\nb"', 'request.malformed'],
  ])('refuses %s', (_, text, code) => {
    expect(refusalOf(text)).toBe(code);
  });

  it.each([
    ['quotes and brackets', `["${'x'.repeat(20_000)}\\\\",${'['.repeat(31) + ']'.repeat(31)},"\\\"[["]`],
    ['escapes', `["${'\\u00e9\\"{'.repeat(2_000)}","[\\\\u"]`],
    ['members', `{${Array.from({ length: 9_000 }, (_, i) => `"k${i}":"[{"`).join(',')}}`],
  ])('reads a long body of %s as JSON.parse does', (_, text) => {
    expect(read(text)).toEqual(JSON.parse(text));
  });

  it('takes an escaped backslash before "u0000" for what it is', () => {
    expect(read('"a\\\\u0000b"')).toBe('a\\u0000b');
  });

  it('refuses what is not UTF-8', () => {
    expect(() => documentOf(Buffer.from([0x22, 0xff, 0x22]))).toThrow('The body is not UTF-8.');
  });
});
