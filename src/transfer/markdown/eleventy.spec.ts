import { afterEach, describe, expect, it } from '@jest/globals';
import { blog, file, pathsOf, read, removeBlogs } from '../../../test/support/blogs/read-folder.js';

afterEach(removeBlogs);

describe('an Eleventy blog', () => {
  it('is read as Eleventy reads it', async () => {
    const { format, posts, remarks } = await read(
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
    expect(remarks.sort()).toEqual([
      'changed date taken from the file, as the post has none (content/blog/template.md)',
      'left out data file of a folder, which its posts may need (content/blog/blog.json)',
      'left out file .js, not Markdown (eleventy.config.js)',
      'left out file outside content/ (other/x.md)',
      'left out page (content/about.md)',
      'not kept date that cannot be read (content/blog/template.md)',
      'not kept permalink from a template (content/blog/template.md)',
      'not kept tag "post" that only gathers the posts (content/blog/2019-05-01-hello.md)',
    ]);
  });
});
