import { afterEach, describe, expect, it } from '@jest/globals';
import { blog, file, pathsOf, read, removeBlogs } from '../../../test/support/blogs/read-folder.js';

afterEach(removeBlogs);

describe('a Hugo blog', () => {
  it('is read as Hugo reads it', async () => {
    const { format, author, posts, remarks } = await read(
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
    expect(remarks.sort()).toEqual([
      'left out file .toml, not Markdown (hugo.toml)',
      'left out folder or link that was not followed (themes/)',
      'left out page (content/about.md)',
      'left out page of a section (_index.md) (content/posts/_index.md)',
      'left out resource of a page bundle (content/posts/bundle/part.md)',
      'not kept further authors of a post (content/notes/one.md)',
    ]);
  });

  it('has its highlighted code and figures in Markdown, and says which shortcodes stay', async () => {
    const body =
      '{{< highlight go >}}\nx := 1\n{{< /highlight >}}\n\n{{< figure src="/a b.png" alt="A" >}}\n\n{{< youtube x1 >}}';
    const { posts, remarks } = await read(
      blog({ 'hugo.toml': '', 'content/posts/a.md': file('title: A\ndate: 2020-01-01', body) }),
    );
    expect(posts['content/posts/a.md']?.content).toBe(
      '```go\nx := 1\n```\n\n![A](/a%20b.png)\n\n{{< youtube x1 >}}',
    );
    expect(remarks).toContain('not kept Hugo shortcode youtube, which stays as text (content/posts/a.md)');
  });
});
