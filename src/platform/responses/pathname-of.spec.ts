import { describe, expect, it } from '@jest/globals';
import { localUrlOf, pathnameOf } from './cached-route.js';

describe('pathnameOf', () => {
  it.each([
    ['/notes/1', '/notes/1'],
    ['/notes/1?limit=5', '/notes/1'],
    ['/notes/1#top', '/notes/1'],
    ['/notes/%31', '/notes/1'],
    ['/blog/posts/%ED%95%9C%EA%B8%80?x=%zz', '/blog/posts/한글'],
    ['http://blog.example/notes/1?x=http://other', '/notes/1'],
    ['HTTPS://blog.example:8443', '/'],
    ['notes/1', '/notes/1'],
    ['//notes/1', '//notes/1'],
  ])('%s is %s', (url, path) => {
    expect(pathnameOf(url)).toBe(path);
  });
});

describe('localUrlOf', () => {
  it.each([
    ['/notes?limit=5', '/notes?limit=5'],
    ['notes?limit=5', '/notes?limit=5'],
    ['https://blog.example/notes?limit=5#top', '/notes?limit=5'],
    ['https://blog.example?limit=5', '/?limit=5'],
    ['/redirect?to=https://blog.example/x', '/redirect?to=https://blog.example/x'],
  ])('%s is %s', (text, url) => {
    expect(localUrlOf(text)).toBe(url);
  });
});
