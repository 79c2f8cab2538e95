import { afterEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { blog, file, pathsOf, read, removeBlogs } from '../../../test/support/blogs/read-folder.js';

afterEach(removeBlogs);

describe('a Jekyll blog', () => {
  it('is read as Jekyll reads it', async () => {
    const { format, author, posts, remarks } = await read(
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
        'contact.md': '---\ntitle: Part 1: broken\n---\n',
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
    expect(remarks.sort()).toEqual([
      'changed further categories became tags (_posts/2019-05-01-hello-world.md)',
      'left out file .png, not Markdown (img/cat.png)',
      'left out file .yml, not Markdown (_config.yml)',
      'left out file without front matter (README.md)',
      'left out folder or link that was not followed (assets/)',
      'left out page (about.md)',
      'left out page (contact.md)',
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
    const { posts, remarks } = await read(
      blog({ '_posts/2019-05-01-hello.md': file('title: Hello\npermalink: /:moon/:title') }),
    );
    expect(pathsOf(posts['_posts/2019-05-01-hello.md'])).toEqual([]);
    expect(remarks).toEqual(['not kept permalink from a template (_posts/2019-05-01-hello.md)']);
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
    const { posts, remarks } = await read(blog({ '_posts/2019-05-01-a.md': file('title: A', body) }));
    expect(posts['_posts/2019-05-01-a.md']?.content).toBe('```ruby\nputs 1\n```\n\n{% include x.html %} ``');
    expect(remarks).toEqual([
      'not kept Liquid tag {% include %}, which stays as text (_posts/2019-05-01-a.md)',
    ]);
  });
});
