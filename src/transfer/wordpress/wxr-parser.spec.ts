import { describe, expect, it } from '@jest/globals';
import { parseWxr, type WxrElement } from './wxr-parser.js';

const HEAD = `<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>Blog</title>
<wp:base_blog_url>https://x.io</wp:base_blog_url>
`;
const TAIL = `</channel>
</rss>
`;

/** Smaller pieces than any disk would return. */
async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function elementsOf(file: string | Buffer, size = 7): Promise<WxrElement[]> {
  const elements: WxrElement[] = [];
  for await (const progress of parseWxr(pieces(Buffer.from(file), size))) elements.push(...progress.elements);
  return elements;
}

const titles = (elements: readonly WxrElement[]): (string | undefined)[] =>
  elements.filter(({ name }) => name === 'item').map(({ texts }) => texts.get('title'));

const problems = (elements: readonly WxrElement[]): unknown[] => elements.map(({ problem }) => problem);

describe('parseWxr', () => {
  it.each([1, 3, 64, 100_000])('reads the same in pieces of %d bytes', async (size) => {
    const file = `${HEAD}<wp:author><wp:author_login>jane</wp:author_login></wp:author>
<item>
<title><![CDATA[안녕 <b>]]]]><![CDATA[> & co]]></title>
<category domain="category" nicename="news"><![CDATA[News]]></category>
<category domain="post_tag" nicename="a-b"><![CDATA[A & B]]></category>
<wp:postmeta><wp:meta_key>k</wp:meta_key><wp:meta_value><![CDATA[v]]></wp:meta_value></wp:postmeta>
<wp:comment><wp:comment_content>no title <![CDATA[<title>x</title>]]></wp:comment_content></wp:comment>
<wp:comment><title>inner</title></wp:comment>
</item>
${TAIL}`;
    const [channel, author, item] = await elementsOf(file, size);
    expect(channel?.texts.get('wp:base_blog_url')).toBe('https://x.io');
    expect(author).toMatchObject({ name: 'wp:author', line: 6 });
    expect(item).toMatchObject({
      line: 7,
      categories: [
        { domain: 'category', nicename: 'news', name: 'News' },
        { domain: 'post_tag', nicename: 'a-b', name: 'A & B' },
      ],
      metas: [{ key: 'k', value: 'v' }],
      commentCount: 2,
      problem: undefined,
    });
    expect(item?.texts.get('title')).toBe('안녕 <b>]]> & co');
  });

  it('goes on after an item that is not well-formed, and names the line', async () => {
    const file = `${HEAD}<item><title>One</title></item>
<item>
<title>Two</title>
<link>x</item>
<item><title>Three</title></item>
${TAIL}`;
    const elements = await elementsOf(file);
    expect(titles(elements)).toEqual(['One', 'Two', 'Three']);
    expect(problems(elements)).toEqual([
      undefined,
      undefined,
      { line: 9, detail: 'unexpected close tag.' },
      undefined,
    ]);
  });

  it('takes an ampersand that nobody has escaped as it is written, outside of CDATA too', async () => {
    const file = `${HEAD}<item><title>A & B &nbsp; &amp; &#67;</title><link>a&b</link></item>
<item><title><![CDATA[A & B &amp; ]]>&amp;</title></item>
${TAIL}`;
    const elements = await elementsOf(file);
    expect(titles(elements)).toEqual(['A & B &nbsp; & C', 'A & B &amp; &']);
    expect(problems(elements)).toEqual([undefined, undefined, undefined]);
  });

  it('notices an item that another one begins in', async () => {
    const elements = await elementsOf(
      `${HEAD}<item><title>One</title>\n<item><title>Two</title></item>\n${TAIL}`,
    );
    expect(titles(elements)).toEqual(['One', 'Two']);
    expect(elements[1]?.problem).toEqual({ line: 7, detail: 'it never ends' });
    expect(elements[2]?.problem).toBeUndefined();
  });

  it('notices that the file was cut off', async () => {
    const elements = await elementsOf(
      `${HEAD}<item><title>One</title></item>\n<item><title>Two</title><content:enc`,
    );
    expect(titles(elements)).toEqual(['One', 'Two']);
    expect(elements[2]?.problem).toEqual({ line: 7, detail: expect.stringContaining('unclosed tag') });
  });

  it('tells control characters, which it can do without, from broken UTF-8, which it cannot', async () => {
    const [before, after] = [
      `${HEAD}<item><title>a\u000Bb</title></item>\n<item><title>`,
      `</title></item>\n<item><title>c</title></item>\n${TAIL}`,
    ];
    const elements = await elementsOf(
      Buffer.concat([Buffer.from(before), Buffer.from([0xe9]), Buffer.from(after)]),
    );
    expect(elements.map((element) => [element.hasControlCharacters, element.problem])).toEqual([
      [false, undefined],
      [true, undefined],
      [false, { line: 7, detail: 'it is not UTF-8' }],
      [false, undefined],
    ]);
  });

  it.each([
    ['lines', 'word word\n'],
    ['one line', 'word word '],
    ['one word', 'word'],
  ])('gives up an item of 40 MiB in %s, and reads the next', async (_, unit) => {
    const mebibyte = Buffer.from(unit.repeat(Math.floor(1024 ** 2 / unit.length)));
    async function* file(): AsyncGenerator<Buffer> {
      yield Buffer.from(`${HEAD}<item><title>Long</title>\n<content:encoded><![CDATA[`);
      for (let each = 0; each < 40; each += 1) yield mebibyte;
      yield Buffer.from(`]]></content:encoded>\n</item>\n<item><title>Q & A</title></item>\n${TAIL}`);
    }
    const elements: WxrElement[] = [];
    for await (const progress of parseWxr(file())) elements.push(...progress.elements);
    const items = elements.filter(({ name }) => name === 'item');
    expect(items.map(({ isTooLong, texts }) => [isTooLong, texts.get('title')])).toEqual([
      [true, undefined],
      [false, 'Q & A'],
    ]);
    const lines = unit.includes('\n') ? 40 * Math.floor(1024 ** 2 / unit.length) : 0;
    expect(items.map(({ line }) => line)).toEqual([6, 9 + lines]);
    expect(elements.map(({ problem }) => problem)).toEqual(elements.map(() => undefined));
  });
});
