import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formerPath } from '../../platform/slugs/former-path.js';
import type { SourcePost } from '../source.js';
import { markdownSource } from './markdown-source.js';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

function blog(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'inkwell-blog-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

interface Read {
  readonly format: string;
  readonly author: string | undefined;
  readonly posts: Readonly<Record<string, SourcePost>>;
  /** `kind what (place)` */
  readonly said: string[];
}

async function read(path: string): Promise<Read> {
  const source = markdownSource(path);
  const posts: Record<string, SourcePost> = {};
  const said: string[] = [];
  for await (const { post, remarks } of source.items()) {
    if (post !== undefined) posts[post.place] = post;
    said.push(...remarks.map(({ kind, what, place }) => `${kind} ${what} (${place})`));
  }
  return { format: source.format, author: source.defaultAuthor, posts, said };
}

const pathsOf = (post: SourcePost | undefined): (string | undefined)[] =>
  (post?.formerAddresses ?? []).map(formerPath);

const file = (frontMatter: string, body = 'Text.'): string => `---\n${frontMatter}\n---\n\n${body}\n`;

describe('a Jekyll blog', () => {
  it('is read as Jekyll reads it', async () => {
    const { format, author, posts, said } = await read(
      blog({
        '_config.yml': 'title: A\nauthor: { name: Jane Doe }\ntimezone: Asia/Seoul\nbaseurl: /notes\n',
        '_posts/2019-05-01-hello-world.md': file(
          'title: Hello\ncategories: News Big\ntags: one two\nlayout: post',
        ),
        'travel/_posts/2020-02-03-busan.markdown': file('title: Busan\ndate: 2020-02-03 08:00\nauthor: bo'),
        '_posts/2021-01-01-page.html': file('title: HTML', '<p>Hi</p>'),
        '_drafts/idea.md': file('title: Idea\ndate: 2021-01-01'),
        'about.md': file('title: About'),
        '_recipes/soup.md': file('title: Soup'),
        'README.md': '# Read me\n',
        'assets/logo.png': '',
        'img/cat.png': '',
      }),
    );
    expect(format).toBe('Jekyll blog');
    expect(author).toBe('Jane Doe');
    expect(posts['_posts/2019-05-01-hello-world.md']).toMatchObject({
      title: 'Hello',
      slug: 'hello-world',
      category: 'News',
      tags: ['one', 'two', 'Big'],
      status: 'published',
      createdAt: new Date('2019-04-30T15:00:00Z'),
      contentFormat: 'markdown',
      author: undefined,
    });
    expect(pathsOf(posts['_posts/2019-05-01-hello-world.md'])).toEqual([
      '/notes/news/big/2019/05/01/hello-world.html',
    ]);
    expect(posts['travel/_posts/2020-02-03-busan.markdown']).toMatchObject({
      category: 'travel',
      createdAt: new Date('2020-02-02T23:00:00Z'),
      author: { name: 'bo', displayName: 'bo' },
    });
    expect(posts['_posts/2021-01-01-page.html']).toMatchObject({
      content: '<p>Hi</p>',
      contentFormat: 'html',
    });
    expect(posts['_drafts/idea.md']).toMatchObject({ slug: 'idea', status: 'draft' });
    expect(said.sort()).toEqual([
      'changed further categories became tags (_posts/2019-05-01-hello-world.md)',
      'left out file .png, not Markdown (img/cat.png)',
      'left out file .yml, not Markdown (_config.yml)',
      'left out file without front matter (README.md)',
      'left out folder or link not looked into (assets/)',
      'left out page (about.md)',
      'left out page of a collection (_recipes/soup.md)',
      'not kept front matter "layout" (_posts/2019-05-01-hello-world.md)',
    ]);
  });

  it.each([
    ['permalink: pretty', '', '/news/2019/05/01/hello'],
    ['permalink: /:year/:i_month/:slug/', '', '/2019/5/hello'],
    ['permalink: none', '', '/news/hello.html'],
    ['collections: { posts: { permalink: /p/:title } }', '', '/p/hello'],
    [
      'defaults: [{ scope: { path: "", type: posts }, values: { permalink: /posts/:title/ } }]',
      '',
      '/posts/hello',
    ],
    [
      'defaults: [{ scope: { path: other, type: posts }, values: { permalink: /no/ } }]',
      '',
      '/news/2019/05/01/hello.html',
    ],
    ['permalink: pretty', 'permalink: /about-hello.html', '/about-hello.html'],
    ['permalink: pretty', 'slug: other', '/news/2019/05/01/other'],
  ])('with %j and a post that says %j has its posts at %s', async (config, own, path) => {
    const { posts } = await read(
      blog({
        '_config.yml': `${config}\n`,
        '_posts/2019-05-01-hello.md': file(`title: Hello\ncategory: News\n${own}`),
      }),
    );
    expect(pathsOf(posts['_posts/2019-05-01-hello.md'])).toEqual([path]);
  });

  it('says so when an address is made of what is not known', async () => {
    const { posts, said } = await read(
      blog({ '_posts/2019-05-01-hello.md': file('title: Hello\npermalink: /:moon/:title') }),
    );
    expect(pathsOf(posts['_posts/2019-05-01-hello.md'])).toEqual([]);
    expect(said).toEqual(['not kept permalink made by a template (_posts/2019-05-01-hello.md)']);
  });

  it('keeps redirects, unpublished posts as drafts, and is the same blog when asked for its posts only', async () => {
    const folder = blog({
      '_config.yml': 'permalink: pretty\n',
      '_posts/2019-05-01-hello.md': file(
        'title: Hello\npublished: false\nredirect_from:\n  - /old/\n  - /older/',
      ),
    });
    const whole = await read(folder);
    const post = whole.posts['_posts/2019-05-01-hello.md'];
    expect(post).toMatchObject({ status: 'draft' });
    expect(pathsOf(post)).toEqual(['/2019/05/01/hello', '/old', '/older']);
    expect((await read(join(folder, '_posts'))).posts).toEqual(whole.posts);
    expect((await read(join(folder, '_posts/2019-05-01-hello.md'))).posts).toEqual(whole.posts);
  });

  it('has its highlighted code as code blocks, and says what else of Liquid stays', async () => {
    const body =
      '{% highlight ruby linenos %}\nputs 1\n{% endhighlight %}\n\n{% include x.html %} `{% raw %}`';
    const { posts, said } = await read(blog({ '_posts/2019-05-01-a.md': file('title: A', body) }));
    expect(posts['_posts/2019-05-01-a.md']?.content).toBe('```ruby\nputs 1\n```\n\n{% include x.html %} ``');
    expect(said).toEqual(['not kept Liquid tag {% include %}, which stays as text (_posts/2019-05-01-a.md)']);
  });
});

describe('a Hugo blog', () => {
  it('is read as Hugo reads it', async () => {
    const { format, author, posts, said } = await read(
      blog({
        'hugo.toml':
          'baseURL = "https://x.io/blog/"\n[params.author]\nname = "Jane"\n[permalinks]\nnotes = "/:year/:slug/"\n',
        'content/posts/_index.md': file('title: Posts'),
        'content/posts/Hello World.md':
          '+++\ntitle = "Hello"\ndate = 2019-05-01T10:00:00+09:00\nlastmod = 2019-06-01\ncategories = ["News"]\ntags = ["a", "b"]\naliases = ["/old/", "older"]\ndraft = true\n+++\n\nText.\n',
        'content/posts/bundle/index.md': file('title: Bundle\ndate: 2020-01-01\nslug: bundled'),
        'content/posts/bundle/part.md': file('title: Part'),
        'content/posts/hello.ko.md': file('title: 안녕\ndate: 2020-01-01'),
        'content/notes/one.md':
          '{\n"title": "One Two",\n"date": "2020-03-04",\n"author": ["bo", "cy"]\n}\n\nText.\n',
        'content/posts/url.md': file('title: U\ndate: 2020-01-01\nurl: /somewhere/else.html'),
        'content/about.md': file('title: About'),
        'themes/x/README.md': file('title: Theme'),
      }),
    );
    expect(format).toBe('Hugo blog');
    expect(author).toBe('Jane');
    expect(posts['content/posts/Hello World.md']).toMatchObject({
      title: 'Hello',
      slug: 'Hello World',
      category: 'News',
      tags: ['a', 'b'],
      status: 'draft',
      createdAt: new Date('2019-05-01T01:00:00Z'),
      updatedAt: new Date('2019-06-01T00:00:00Z'),
    });
    expect(pathsOf(posts['content/posts/Hello World.md'])).toEqual([
      '/blog/posts/hello-world',
      '/blog/old',
      '/blog/posts/older',
    ]);
    expect(pathsOf(posts['content/posts/bundle/index.md'])).toEqual(['/blog/posts/bundled']);
    expect(pathsOf(posts['content/posts/hello.ko.md'])).toEqual(['/blog/ko/posts/hello']);
    expect(posts['content/posts/hello.ko.md']?.slug).toBe('hello-ko');
    expect(pathsOf(posts['content/notes/one.md'])).toEqual(['/blog/2020/one-two']);
    expect(posts['content/notes/one.md']?.author).toEqual({ name: 'bo', displayName: 'bo' });
    expect(pathsOf(posts['content/posts/url.md'])).toEqual(['/blog/somewhere/else.html']);
    expect(said.sort()).toEqual([
      'left out file .toml, not Markdown (hugo.toml)',
      'left out folder or link not looked into (themes/)',
      'left out page (content/about.md)',
      'left out page of a section (_index.md) (content/posts/_index.md)',
      'left out resource of a page bundle (content/posts/bundle/part.md)',
      'not kept further authors of a post (content/notes/one.md)',
    ]);
  });

  it('has its highlighted code and figures in Markdown, and says which shortcodes stay', async () => {
    const body =
      '{{< highlight go >}}\nx := 1\n{{< /highlight >}}\n\n{{< figure src="/a b.png" alt="A" >}}\n\n{{< youtube x1 >}}';
    const { posts, said } = await read(
      blog({ 'hugo.toml': '', 'content/posts/a.md': file('title: A\ndate: 2020-01-01', body) }),
    );
    expect(posts['content/posts/a.md']?.content).toBe(
      '```go\nx := 1\n```\n\n![A](/a%20b.png)\n\n{{< youtube x1 >}}',
    );
    expect(said).toContain('not kept Hugo shortcode youtube, which stays as text (content/posts/a.md)');
  });
});

describe('an Eleventy blog', () => {
  it('is read as Eleventy reads it', async () => {
    const { format, posts, said } = await read(
      blog({
        'eleventy.config.js': 'export default function () { return { dir: { input: "content" } }; }',
        'content/blog/2019-05-01-hello.md': file('title: Hello\ntags: [post, web]'),
        'content/blog/deep/index.md': file('title: Deep\ndate: 2020-01-01\npermalink: /deeper/'),
        'content/blog/template.md': file('title: T\ndate: Last Modified\npermalink: "/{{ page.date }}/"'),
        'content/blog/hidden.md': file('title: H\ndate: 2020-01-01\npermalink: false'),
        'content/blog/blog.json': '{}',
        'content/about.md': file('title: About'),
        'other/x.md': file('title: X'),
      }),
    );
    expect(format).toBe('Eleventy blog');
    expect(posts['content/blog/2019-05-01-hello.md']).toMatchObject({
      slug: 'hello',
      tags: ['web'],
      category: undefined,
      createdAt: new Date('2019-05-01T00:00:00Z'),
    });
    expect(pathsOf(posts['content/blog/2019-05-01-hello.md'])).toEqual(['/blog/hello']);
    expect(posts['content/blog/deep/index.md']?.slug).toBe('deep');
    expect(pathsOf(posts['content/blog/deep/index.md'])).toEqual(['/deeper']);
    expect(pathsOf(posts['content/blog/template.md'])).toEqual([]);
    expect(posts['content/blog/hidden.md']).toMatchObject({ status: 'draft', formerAddresses: [] });
    expect(said.sort()).toEqual([
      'changed date taken from the file, as the post has none (content/blog/template.md)',
      'left out data of a folder, which its posts may lack (content/blog/blog.json)',
      'left out file .js, not Markdown (eleventy.config.js)',
      'left out file outside content/ (other/x.md)',
      'left out page (content/about.md)',
      'not kept date that cannot be told (content/blog/template.md)',
      'not kept permalink made by a template (content/blog/template.md)',
      'not kept tag "post" that only gathers the posts (content/blog/2019-05-01-hello.md)',
    ]);
  });
});

describe('an Astro blog', () => {
  it('is read as Astro’s starters read it', async () => {
    const mdx = `import Chart from '../Chart.astro';\n\nHi <Chart data={1} /> there.\n\n\`\`\`js\nimport x from 'y';\n\`\`\`\n\nexport const a = {\n  b: 1,\n};\n\nEnd.`;
    const { format, posts, said } = await read(
      blog({
        'astro.config.mjs': '',
        'src/content/blog/hello.md': file(
          "title: Hello\npubDate: 'Jul 08 2022'\nupdatedDate: 2022-08-01\nheroImage: ./a.png",
        ),
        'src/content/blog/deep/chart.mdx': file('title: Chart\npubDate: 2022-01-01\ntags: [a]', mdx),
        'src/pages/about.md': file('title: About'),
        'docs/x.md': file('title: X'),
      }),
    );
    expect(format).toBe('Astro blog');
    expect(posts['src/content/blog/hello.md']).toMatchObject({
      createdAt: new Date('2022-07-08T00:00:00Z'),
      updatedAt: new Date('2022-08-01T00:00:00Z'),
    });
    expect(pathsOf(posts['src/content/blog/hello.md'])).toEqual(['/blog/hello']);
    expect(pathsOf(posts['src/content/blog/deep/chart.mdx'])).toEqual(['/blog/deep/chart']);
    expect(posts['src/content/blog/deep/chart.mdx']?.content).toBe(
      "Hi <Chart data={1} /> there.\n\n```js\nimport x from 'y';\n```\n\n\nEnd.",
    );
    expect(said.sort()).toEqual([
      'left out file .mjs, not Markdown (astro.config.mjs)',
      'left out file outside src/content/ (docs/x.md)',
      'left out page (src/pages/about.md)',
      'not kept front matter "heroimage" (src/content/blog/hello.md)',
      'not kept import or export of an .mdx file (src/content/blog/deep/chart.mdx)',
      'not kept import or export of an .mdx file (src/content/blog/deep/chart.mdx)',
    ]);
  });
});

describe('a folder of Markdown', () => {
  it('is taken for posts, file by file', async () => {
    const { format, posts, said } = await read(
      blog({
        'notes/2019-05-01-hello_big-world.md': file('tags: a, b\nauthor: { name: Jane Doe, username: jane }'),
        'two.md': file('title: Two\ndate: 2020-01-01\npermalink: /x/two.html\naliases: [/y]'),
        '.git/config.md': file('title: no'),
      }),
    );
    expect(format).toBe('folder of Markdown');
    expect(posts['notes/2019-05-01-hello_big-world.md']).toMatchObject({
      title: 'Hello big world',
      slug: 'hello_big-world',
      tags: ['a', 'b'],
      author: { name: 'jane', displayName: 'Jane Doe' },
    });
    expect(pathsOf(posts['two.md'])).toEqual(['/x/two.html', '/y']);
    expect(said.sort()).toEqual([
      'changed title taken from the file name (notes/2019-05-01-hello_big-world.md)',
      'left out folder or link not looked into (.git/)',
    ]);
  });

  it('goes on after broken files, and names their lines', async () => {
    const folder = blog({
      'a.md': '---\ntitle: A\ntags: [x\n---\nText\n',
      'b.md': '---\ntitle: never ends\n',
      'c.md': file('title: C\ndate: 2020-01-01'),
    });
    writeFileSync(join(folder, 'd.md'), Buffer.from(file('title: caf\xe9'), 'latin1'));
    const { posts, said } = await read(folder);
    expect(Object.keys(posts)).toEqual(['c.md']);
    expect(said).toEqual([
      'broken has broken YAML (a.md:4)',
      'broken has front matter that never ends (b.md:1)',
      'broken is not UTF-8 (d.md:2)',
    ]);
  });

  it('without any Markdown is refused', async () => {
    await expect(read(blog({ 'a.txt': 'x' }))).rejects.toThrow('holds no Markdown files');
  });
});
