import { describe, expect, it } from '@jest/globals';
import { readHeaders } from './wire.js';

describe('readHeaders', () => {
  it('joins headers that come twice, as the object of Node has them', () => {
    const names = ['X-Request-Id', 'Accept-Encoding', 'If-None-Match'];
    const raw = names.flatMap((name) => [name, 'one', 'Host', 'x', name.toUpperCase(), 'two']);
    expect(readHeaders(raw)).toEqual({
      requestId: 'one, two',
      acceptEncoding: 'one, two',
      ifNoneMatch: 'one, two',
      isRouted: false,
    });
  });

  it.each(['Authorization', 'ORIGIN', 'content-length', 'Transfer-Encoding'])(
    'sends a request with %s through the router, even when it is empty',
    (name) => {
      expect(readHeaders(['Accept', '*/*', name, '']).isRouted).toBe(true);
      expect(readHeaders(['Accept', name]).isRouted).toBe(false);
    },
  );
});
