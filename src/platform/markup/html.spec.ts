import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { html, trusted } from './html.js';

describe('html', () => {
  it('escapes text and attributes', () => {
    const hostile = `"><script>alert('1 & 2')</script>`;
    expect(String(html`<p title="${hostile}">${hostile}</p>`)).toBe(
      '<p title="&quot;&gt;&lt;script&gt;alert(&#39;1 &amp; 2&#39;)&lt;/script&gt;">' +
        '&quot;&gt;&lt;script&gt;alert(&#39;1 &amp; 2&#39;)&lt;/script&gt;</p>',
    );
  });

  it('keeps markup made by itself, joins lists, and leaves out null and false', () => {
    const items = ['<a>', 'b'].map((item) => html`<li>${item}</li>`);
    const list = html`<ul>${items}</ul>${null}${false}${0}`;
    expect(String(list)).toBe('<ul><li>&lt;a&gt;</li><li>b</li></ul>0');
  });

  it('keeps trusted markup as it is', () => {
    expect(String(html`<div>${trusted('<em>a &amp; b</em>')}</div>`)).toBe('<div><em>a &amp; b</em></div>');
  });

  it('never lets text open a tag or close an attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(String(html`${text}`)).not.toMatch(/[<>"']/);
      }),
    );
  });
});
