import { describe, expect, it } from '@jest/globals';
import { formerPath } from './former-path.js';

describe('formerPath', () => {
  it.each([
    ['/2019/05/01/hello.html', '/2019/05/01/hello.html'],
    ['/2019/hello/', '/2019/hello'],
    ['2019/hello', '/2019/hello'],
    ['https://example.com/blog//hello/index.html?utm=1#top', '/blog/hello'],
    ['/%EC%95%88%EB%85%95/', '/안녕'],
    ['/안녕', '/안녕'],
    ['/', undefined],
    ['https://example.com/?p=12', '/?p=12'],
    ['/blog/?x=1&p=12', '/blog/?p=12'],
    ['/%3Fp=12', '/?p=12'],
    ['/?p=', undefined],
    ['/?p=12a', undefined],
    ['/?id=12', undefined],
    ['/a/index.html//index.htm/', '/a'],
    ['/a/../b', '/b'],
    ['/a%2F..%2Fb', undefined],
    ['/%00', undefined],
    ['/%ff', undefined],
    ['mailto:a@b.c', undefined],
    [`/${'a'.repeat(1_000)}`, undefined],
  ])('makes %j %j', (address, path) => expect(formerPath(address)).toBe(path));

  it('finds back what was written down percent-encoded', () => {
    const path = formerPath('/a%20b/100%25/');
    expect(path).toBe('/a b/100%');
    expect(formerPath(encodeURI(path!))).toBe(path);
  });
});
