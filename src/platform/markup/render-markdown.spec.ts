import { describe, expect, it } from '@jest/globals';
import { renderMarkdown } from './render-markdown.js';

/** It takes half a second at most. A quadratic parser would take minutes. */
const PROCESSOR_SECONDS = 3;

describe('renderMarkdown', () => {
  it('renders CommonMark with tables, strikethrough, bare links and languages of code', () => {
    expect(renderMarkdown('# A *b* ~~c~~\n\nhttps://example.com')).toBe(
      '<h1>A <em>b</em> <s>c</s></h1>\n' +
        '<p><a href="https://example.com" rel="nofollow noopener">https://example.com</a></p>\n',
    );
    expect(renderMarkdown('```js\na < b\n```')).toBe(
      '<pre><code class="language-js">a &lt; b\n</code></pre>\n',
    );
    expect(renderMarkdown('|a|b|\n|-|-:|\n|1|2|')).toContain('<td align="right">2</td>');
  });

  it('takes a file name for a file name, not for a link', () => {
    expect(renderMarkdown('see readme.md')).toBe('<p>see readme.md</p>\n');
  });

  it('keeps harmless HTML and drops what runs', () => {
    const html = renderMarkdown(
      '<details open onclick="x()"><summary>S</summary>t</details><script>x()</script>',
    );
    expect(html).toBe('<details open><summary>S</summary>t</details>');
  });

  it.each([
    ['brackets', '['],
    ['closed brackets', '[]('],
    ['block quotes', '>'],
    ['spaced block quotes', '> '],
    ['list items', '- '],
    ['emphasis', '*a **b '],
    ['delimiters', '*_'],
    ['back-ticks', '` `` '],
    ['images', '!['],
    ['open tags', '<b>'],
    ['wrongly closed tags', '<b><i></b>'],
    ['comments', '<!--'],
    ['links', 'http://a.b/('],
    ['table cells', '|-'],
    ['entities', '&a'],
  ])('renders 100 kB of %s in linear time', (_, unit) => {
    const before = process.cpuUsage();
    const html = renderMarkdown(unit.repeat(Math.ceil(100_000 / unit.length)));
    expect(process.cpuUsage(before).user / 1_000_000).toBeLessThan(PROCESSOR_SECONDS);
    expect(html.length).toBeLessThan(2_000_000);
  });
});
