import { describe, expect, it } from '@jest/globals';
import { sanitiseHtml } from './sanitise-html.js';

describe('sanitiseHtml', () => {
  it.each([
    ['<script>alert(1)</script>', ''],
    ['<style>p { color: red }</style>', ''],
    ['<img src=x onerror=alert(1)>', '<img src="x" loading="lazy" />'],
    ['<a href="javascript:alert(1)">a</a>', '<a>a</a>'],
    ['<a href="jav&#x09;ascript:alert(1)">a</a>', '<a>a</a>'],
    ['<img src="data:image/svg+xml;base64,PHN2Zz4=">', '<img loading="lazy" />'],
    ['<svg><a xlink:href="javascript:x()">a</a></svg>', '<a>a</a>'],
    ['<p style="position:fixed" id="top" class="nav">a</p>', '<p>a</p>'],
    ['<form action="/x"><button>b</button></form>', 'b'],
    ['<xmp><img src=x onerror=x></xmp>', ''],
    ['<p>1 < 2 && "x"</p>', '<p>1 &lt; 2 &amp;&amp; "x"</p>'],
  ])('makes of %s: %s', (html, safe) => {
    expect(sanitiseHtml(html)).toBe(safe);
  });

  it('marks links that leave the site, and no others', () => {
    expect(
      sanitiseHtml('<a href="https://x.org" rel="me" target="_blank">x</a><a href="/a" rel="me">a</a>'),
    ).toBe('<a href="https://x.org" rel="nofollow noopener">x</a><a href="/a">a</a>');
    expect(sanitiseHtml('<a href="//x.org">x</a>')).toContain('rel="nofollow noopener"');
  });

  it('turns a frame into a link to what it showed', () => {
    expect(sanitiseHtml('<iframe src="https://video.example/1"></iframe>')).toBe(
      '<a href="https://video.example/1" rel="nofollow noopener">https://video.example/1</a>',
    );
    expect(sanitiseHtml('<iframe src="javascript:x()"></iframe>')).not.toContain('href');
  });

  it('keeps the text of what is nested too deeply', () => {
    const html = sanitiseHtml(`${'<div>'.repeat(10_000)}deep${'</div>'.repeat(10_000)}`);
    expect(html).toBe(`${'<div>'.repeat(64)}deep${'</div>'.repeat(64)}`);
  });

  it('leaves its own output as it is', () => {
    const once = sanitiseHtml(
      '<p>a &amp;lt; b<br><a href="//x.org">x</a><iframe src="https://v.example"></iframe>',
    );
    expect(sanitiseHtml(once)).toBe(once);
  });
});
