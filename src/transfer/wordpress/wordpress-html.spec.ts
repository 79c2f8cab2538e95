import { describe, expect, it } from '@jest/globals';
import { Remarks } from '../remarks.js';
import { wordpressHtml } from './wordpress-html.js';

const convert = (content: string): { html: string; remarks: string[] } => {
  const remarks = new Remarks('blog.xml:1');
  const html = wordpressHtml(content, remarks);
  return { html, remarks: remarks.list.map(({ what }) => what) };
};

describe('wordpressHtml', () => {
  it('strips the comments of the block editor and leaves its HTML alone', () => {
    const content = `<!-- wp:heading {"level":3} -->\n<h3>A</h3>\n<!-- /wp:heading -->\n\n<!-- wp:paragraph -->\n<p>One\ntwo</p>\n<!-- /wp:paragraph -->`;
    expect(convert(content)).toEqual({ html: '<h3>A</h3>\n\n<p>One\ntwo</p>', remarks: [] });
  });

  it('lists blocks of which an export has nothing', () => {
    const content = `<!-- wp:image {"id":1} -->\n<img src="x">\n<!-- /wp:image -->\n<!-- wp:latest-posts {"postsToShow":5} /-->\n<!-- wp:block {"ref":12} /-->`;
    expect(convert(content).remarks).toEqual([
      'block "latest-posts", which WordPress fills in itself',
      'block "block", which WordPress fills in itself',
    ]);
  });

  it('makes paragraphs of a classic post', () => {
    const content =
      'One\r\ntwo\r\n\r\nThree <em>four</em>\n<!--more-->\n\n<ul>\n<li>a</li>\n\n<li>b</li>\n</ul>\nFive\n<blockquote>Six</blockquote>\nSeven';
    expect(convert(content).html).toBe(
      '<p>One<br />\ntwo</p>\n\n<p>Three <em>four</em></p>\n\n<ul>\n\n<li>a</li>\n\n<li>b</li>\n\n</ul>\n\n<p>Five</p>\n\n<blockquote>Six</blockquote>\n\n<p>Seven</p>',
    );
  });

  it('keeps preformatted text as it is', () => {
    const content = 'See\n<pre>a\n\n  b\nhttps://x.io\n</pre>\nend';
    expect(convert(content).html).toBe('<p>See</p>\n\n<pre>a\n\n  b\nhttps://x.io\n</pre>\n\n<p>end</p>');
  });

  it('makes links of embeds and bare addresses, and figures of captions', () => {
    const content =
      '[caption id="a" width="3"]<a href="b"><img src="a.png" /></a> A cat[/caption]\n\nhttps://youtu.be/x1\n\n[embed width="1"]https://v.io/2[/embed]';
    expect(convert(content)).toEqual({
      html: '<figure><a href="b"><img src="a.png" /></a><figcaption>A cat</figcaption></figure>\n\n<p><a href="https://youtu.be/x1">https://youtu.be/x1</a></p>\n\n<p><a href="https://v.io/2">https://v.io/2</a></p>',
      remarks: [],
    });
  });

  it('lists shortcodes, and knows them from words in brackets', () => {
    const content =
      '[gallery ids="1,2"] He said [sic] that [1] [contact-form-7 id="3"] [contact-form-7 id="4"]';
    expect(convert(content).remarks).toEqual([
      'shortcode [gallery], which stays as text',
      'shortcode [contact-form-7], which stays as text',
    ]);
  });
});
