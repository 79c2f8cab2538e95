import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { excerptOf } from './excerpt-of.js';
import { renderMarkdown } from './render-markdown.js';

describe('excerptOf', () => {
  it('takes the text alone, with a space between blocks and none within words', () => {
    expect(excerptOf('<h2>One</h2><p>t<em>w</em>o<br />&lt;three&gt; &amp;amp;</p>')).toBe(
      'One two <three> &amp;',
    );
  });

  it('leaves code blocks out, unless there is nothing else', () => {
    expect(excerptOf('<pre><code>a = 1</code></pre><p>Text</p>')).toBe('Text');
    expect(excerptOf('<pre><code>a = 1</code></pre>')).toBe('a = 1');
  });

  it('ends with a whole word and an ellipsis', () => {
    expect(excerptOf(`<p>${'word, '.repeat(100)}</p>`)).toMatch(/^(word, ){32}word…$/);
  });

  it('cuts scripts without spaces, but never within a character', () => {
    expect(excerptOf(`<p>${'가'.repeat(300)}</p>`)).toBe(`${'가'.repeat(199)}…`);
    expect(excerptOf(`<p>${'🚀'.repeat(300)}</p>`)).toBe(`${'🚀'.repeat(99)}…`);
  });

  it('gives well-formed text of at most 200 characters for any Markdown', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 600 }), (markdown) => {
        const excerpt = excerptOf(renderMarkdown(markdown));
        expect(excerpt.length).toBeLessThanOrEqual(200);
        expect(excerpt.isWellFormed()).toBe(true);
      }),
    );
  });
});
