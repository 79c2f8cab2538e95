import { describe, expect, it } from '@jest/globals';
import { prefersHtml } from './prefers-html.js';

describe('prefersHtml', () => {
  it.each([
    ['text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8', true],
    ['text/html', true],
    ['TEXT/HTML; q=0.5, application/json;q=0.4', true],
    ['application/json, text/html;q=0.9', false],
    ['application/problem+json, text/html', false],
    ['text/html;q=0', false],
    ['text/html;q=x', false],
    ['text/htmlx', false],
    ['*/*', false],
    ['', false],
    [undefined, false],
  ])('of %j is %j', (accept, expected) => expect(prefersHtml(accept)).toBe(expected));
});
