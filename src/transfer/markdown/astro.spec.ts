import { afterEach, describe, expect, it } from '@jest/globals';
import { blog, file, pathsOf, read, removeBlogs } from '../../../test/support/blogs/read-folder.js';

afterEach(removeBlogs);

describe('an Astro blog', () => {
  it('is read as Astro’s starters read it', async () => {
    const mdx = `import Chart from '../Chart.astro';\n\nHi <Chart data={1} /> there.\n\n\`\`\`js\nimport x from 'y';\n\`\`\`\n\nexport const a = {\n  b: 1,\n};\n\nEnd.`;
    const { format, posts, remarks } = await read(
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
    expect(remarks.sort()).toEqual([
      'left out file .mjs, not Markdown (astro.config.mjs)',
      'left out file outside src/content/ (docs/x.md)',
      'left out page (src/pages/about.md)',
      'not kept front matter "heroimage" (src/content/blog/hello.md)',
      'not kept import or export of an .mdx file (src/content/blog/deep/chart.mdx)',
      'not kept import or export of an .mdx file (src/content/blog/deep/chart.mdx)',
    ]);
  });
});
