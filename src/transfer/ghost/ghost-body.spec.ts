import { describe, expect, it } from '@jest/globals';
import { Remarks } from '../remarks.js';
import { ghostBody } from './ghost-body.js';
import { type GhostPost, ghostPostSchema } from './ghost.schemas.js';

const post = (columns: Record<string, unknown>): GhostPost =>
  ghostPostSchema.parse({ id: '1', title: 'A', ...columns });

const bodyOf = (columns: Record<string, unknown>): { content: string; remarks: string[] } => {
  const remarks = new Remarks('blog.json:posts[0]');
  const { content } = ghostBody(post(columns), remarks);
  return { content, remarks: remarks.list.map(({ what }) => what) };
};

const text = (value: string, format = 0): object => ({ type: 'extended-text', text: value, format });
const lexical = (...children: object[]): string => JSON.stringify({ root: { type: 'root', children } });

describe('ghostBody', () => {
  it('takes the HTML, without the marks of its editor and the placeholder of the blog’s address', () => {
    const html = '<!--kg-card-begin: html--><img src="__GHOST_URL__/content/a.png"><!--kg-card-end: html-->';
    expect(bodyOf({ html, lexical: lexical() })).toEqual({
      content: '<img src="/content/a.png">',
      remarks: [],
    });
  });

  it('makes HTML of a Lexical document', () => {
    const document = lexical(
      { type: 'heading', tag: 'h2', children: [text('A & B')] },
      {
        type: 'paragraph',
        children: [text('bold', 1), text(' both', 3), { type: 'linebreak' }, text('<code>', 16)],
      },
      {
        type: 'paragraph',
        children: [{ type: 'link', url: 'https://x.io/?a="b"', children: [text('link')] }],
      },
      { type: 'list', listType: 'number', children: [{ type: 'listitem', children: [text('one')] }] },
      { type: 'codeblock', language: 'js', code: 'a < b' },
      { type: 'image', src: '__GHOST_URL__/a.png', alt: 'A', caption: '<em>c</em>' },
      { type: 'horizontalrule' },
      { type: 'markdown', markdown: '*md*' },
    );
    expect(bodyOf({ html: null, lexical: document })).toEqual({
      content: [
        '<h2>A &amp; B</h2>',
        '<p><strong>bold</strong><em><strong> both</strong></em><br><code>&lt;code&gt;</code></p>',
        '<p><a href="https://x.io/?a=&quot;b&quot;">link</a></p>',
        '<ol><li>one</li></ol>',
        '<pre><code class="language-js">a &lt; b</code></pre>',
        '<figure><img src="/a.png" alt="A"><figcaption><em>c</em></figcaption></figure>',
        '<hr>',
        '<p><em>md</em></p>\n',
      ].join('\n'),
      remarks: ['post without HTML, converted from the format of its editor'],
    });
  });

  it('makes HTML of a Mobiledoc document', () => {
    const mobiledoc = JSON.stringify({
      version: '0.3.1',
      atoms: [['soft-return', '', {}]],
      cards: [
        ['code', { code: '1 < 2', language: 'c' }],
        ['hr', {}],
        ['markdown', { markdown: '# M' }],
      ],
      markups: [['a', ['href', 'https://x.io']], ['em']],
      sections: [
        [1, 'h2', [[0, [], 0, 'A & B']]],
        [
          1,
          'p',
          [
            [0, [0, 1], 1, 'link'],
            [0, [], 1, ' on'],
            [1, [], 0, 0],
            [0, [], 0, 'end'],
          ],
        ],
        [3, 'ul', [[[0, [], 0, 'one']], [[0, [], 0, 'two']]]],
        [10, 0],
        [10, 1],
        [10, 2],
      ],
    });
    expect(bodyOf({ mobiledoc }).content).toBe(
      [
        '<h2>A &amp; B</h2>',
        '<p><a href="https://x.io"><em>link</em> on</a><br>end</p>',
        '<ul><li>one</li><li>two</li></ul>',
        '<pre><code class="language-c">1 &lt; 2</code></pre>',
        '<hr>',
        '<h1>M</h1>\n',
      ].join('\n'),
    );
  });

  it('takes the Markdown of an old export', () => {
    expect(bodyOf({ html: '', markdown: '# A' }).content).toBe('# A');
  });

  it.each([
    ['an unknown card', { lexical: lexical({ type: 'gallery', images: [] }) }, 'card "gallery"'],
    ['an unknown section', { mobiledoc: '{"sections":[[99]]}' }, 'a section of type 99'],
    ['a document that is no JSON', { mobiledoc: '{' }, 'its document is broken'],
    ['a document of another shape', { mobiledoc: '{"sections":[[1,"p"]]}' }, 'its document is broken'],
  ])('gives a post up for %s rather than lose a part of it', (_, columns, detail) => {
    expect(() => bodyOf(columns)).toThrow(
      expect.objectContaining({ what: 'has no HTML, and cannot be converted to HTML', options: { detail } }),
    );
  });
});
