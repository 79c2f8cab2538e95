import { describe, expect, it } from '@jest/globals';
import { plainText } from './plain-text.js';

describe('plainText', () => {
  it.each([
    ['Q&amp;A', 'Q&A'],
    ['Q&A', 'Q&A'],
    ['It&#8217;s &#x1F47B;', 'It’s 👻'],
    ['The &lt;div&gt; <em>tag</em>', 'The <div> tag'],
    ['a &lt; b &amp;amp; c', 'a < b &amp; c'],
    ['1 < 2 <3', '1 < 2 <3'],
    ['&unknown; &#0; &#xD800; &#9999999;', '&unknown; &#0; &#xD800; &#9999999;'],
  ])('makes %j %j', (html, text) => expect(plainText(html)).toBe(text));
});
