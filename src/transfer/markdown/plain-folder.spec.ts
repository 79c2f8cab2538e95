import { afterEach, describe, expect, it } from '@jest/globals';
import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { blog, file, pathsOf, read, removeBlogs } from '../../../test/support/blogs/read-folder.js';

afterEach(removeBlogs);

describe('a folder of Markdown', () => {
  it('is taken for posts, file by file', async () => {
    const { format, posts, remarks } = await read(
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
    expect(remarks.sort()).toEqual([
      'changed title taken from the file name (notes/2019-05-01-hello_big-world.md)',
      'left out folder or link that was not followed (.git/)',
    ]);
  });

  it('needs no front matter: the title is the first heading, and the date that of the file', async () => {
    const folder = blog({
      'a.md': '# Hello, world #\n\nText.\n',
      'b.md': '\nUnderlined\n==========\nText.\n\n# Second\n',
      'plain-text.md': 'Text.\n\n# Not the first line\n',
    });
    utimesSync(join(folder, 'a.md'), 1_556_668_800, 1_556_668_800);
    const { posts, remarks } = await read(folder);
    expect(posts['a.md']).toMatchObject({
      title: 'Hello, world',
      slug: 'a',
      content: 'Text.',
      createdAt: new Date('2019-05-01T00:00:00Z'),
    });
    expect(posts['b.md']).toMatchObject({ title: 'Underlined', content: 'Text.\n\n# Second' });
    expect(posts['plain-text.md']).toMatchObject({
      title: 'Plain text',
      content: 'Text.\n\n# Not the first line',
    });
    expect(remarks).toContain('changed title taken from the file name (plain-text.md)');
    expect(remarks).toContain('changed date taken from the file, as the post has none (a.md)');
  });

  it('goes on after broken files, and names their lines', async () => {
    const folder = blog({
      'a.md': '---\ntitle: A\ntags: [x\n---\nText\n',
      'b.md': '---\ntitle: never ends\n',
      'c.md': file('title: C\ndate: 2020-01-01'),
    });
    writeFileSync(join(folder, 'd.md'), Buffer.from(file('title: caf\xe9'), 'latin1'));
    const { posts, remarks } = await read(folder);
    expect(Object.keys(posts)).toEqual(['c.md']);
    expect(remarks).toEqual([
      'broken has broken YAML (a.md:4)',
      'broken has front matter that never ends (b.md:1)',
      'broken is not UTF-8 (d.md:2)',
    ]);
  });

  it('does not read files that are far too large for a post', async () => {
    const { remarks } = await read(
      blog({ 'a.md': file('title: A', 'x'.repeat(8 * 1024 ** 2)), 'b.md': file('title: B') }),
    );
    expect(remarks).toContain('broken is larger than 8 MiB (a.md)');
  });

  it('without any Markdown is refused', async () => {
    await expect(read(blog({ 'a.txt': 'x' }))).rejects.toThrow('holds no Markdown files');
  });
});
