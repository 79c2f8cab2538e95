import { describe, expect, it } from '@jest/globals';
import { bearerToken } from './bearer-token.js';

describe('bearerToken', () => {
  it.each([
    ['Bearer abc.def-g_h', 'abc.def-g_h'],
    ['bearer abc', 'abc'],
    ['BEARER  abc==', 'abc=='],
  ])('reads %s', (header, token) => expect(bearerToken(header)).toBe(token));

  it.each(['', 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer a b', 'Bearer a,b', 'Bearer "abc"', 'abc'])(
    'finds no token in "%s"',
    (header) => expect(bearerToken(header)).toBeNull(),
  );
});
