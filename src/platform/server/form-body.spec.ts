import { describe, expect, it } from '@jest/globals';
import { fieldsOf } from './form-body.js';

describe('fieldsOf', () => {
  it('has the text of every field, and a list for a repeated name', () => {
    expect(fieldsOf('title=%ED%95%9C+x&tag=a&tag=b&empty=')).toEqual({
      title: '한 x',
      tag: ['a', 'b'],
      empty: '',
    });
  });

  it('keeps a name such as __proto__ as a field', () => {
    expect(Object.keys(fieldsOf('__proto__=x'))).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it.each([
    ['NUL', 'a=%00', 'request.invalid_text'],
    ['broken UTF-8', 'a=%ED%95', 'request.invalid_utf8'],
    ['too many fields', 'a=1&'.repeat(1_001), 'request.too_many_values'],
  ])('refuses %s', (_, body, code) => {
    expect(() => fieldsOf(body)).toThrow(expect.objectContaining({ code }));
  });

  it('accepts the replacement character itself', () => {
    expect(fieldsOf('a=%EF%BF%BD')).toEqual({ a: '\ufffd' });
  });
});
