import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Remark } from '../../src/transfer/source.js';
import { BlogFolder } from '../support/blogs/generated-blog.js';
import { type Finished, runInkwell } from '../support/run-inkwell.js';
import { type StoredPost, storedPosts } from '../support/stored-posts.js';
import { createTestDatabase } from '../support/test-database.js';

interface Imported extends Finished {
  readonly stored: Readonly<Record<string, StoredPost>>;
  /** `place what: detail` */
  readonly remarksOf: (kind: Remark['kind']) => string[];
}

async function importNasty(name: string): Promise<Imported> {
  const database = await createTestDatabase();
  const folder = new BlogFolder();
  try {
    const report = join(folder.path, 'report.json');
    const path = `test/fixtures/nasty/${name}`;
    const finished = await runInkwell(['import', path, '--report', report], { DATABASE_URL: database.url });
    const { remarks } = JSON.parse(readFileSync(report, 'utf8')) as { remarks: Remark[] };
    const remarksOf = (kind: Remark['kind']): string[] =>
      remarks
        .filter((remark) => remark.kind === kind)
        .map(({ place, what, detail }) => `${place} ${what}${detail === undefined ? '' : `: ${detail}`}`)
        .sort();
    const stored = Object.fromEntries((await storedPosts(database.url)).map((post) => [post.title, post]));
    return { ...finished, stored, remarksOf };
  } finally {
    folder.remove();
    await database.drop();
  }
}

describe('inkwell import of a Jekyll blog in bad shape', () => {
  let result: Imported;
  beforeAll(async () => {
    result = await importNasty('jekyll');
  });

  it('skips what is broken, names file and line, and exits with 1', () => {
    expect(result.code).toBe(1);
    expect(result.stderr).toBe('9 broken posts skipped, see above\n');
    expect(result.remarksOf('broken')).toEqual([
      '_posts/2019-01-01-broken-yaml.md:5 has broken YAML: A block sequence may not be used as an implicit map key',
      '_posts/2019-01-02-colon.md:2 has broken YAML: Nested mappings are not allowed in compact mappings',
      '_posts/2019-01-03-never-ends.md:1 has front matter that never ends',
      '_posts/2019-01-04-latin-1.md:5 is not UTF-8',
      '_posts/2019-01-05-nul.md:5 holds a NUL byte',
      '_posts/2019-01-06-utf-16.md:1 is UTF-16, not UTF-8',
      '_posts/2019-01-07-empty.md has an empty body: Empty',
      '_posts/2019-01-08-list.md:2 has front matter that is not a mapping',
      '_posts/2019-01-09-nul-in-title.md holds a NUL character: a\0b',
    ]);
    expect(result.stdout).toContain(': 20 posts imported (2 drafts), 0 unchanged, 9 broken, 3 left out\n');
  });

  it('lists what could not be kept', () => {
    expect(result.remarksOf('not kept')).toEqual([
      '_posts/2019-02-07-no_title.md front matter "layout"',
      '_posts/2019-02-12-many-tags.md tags beyond 10 a post: tag10, tag11, tag12, tag13, tag14',
      '_posts/2019-02-13-bad-date.md date that cannot be read: 13/02/2019',
      '_posts/2019-02-14-script.md element <script>',
      '_posts/2019-02-15-authors.md further authors of a post: Bo',
    ]);
  });

  it('lists what it had to change', () => {
    const surprising = result.remarksOf('changed').filter((line) => !line.includes('post without an author'));
    expect(surprising).toEqual([
      '_drafts/later.md date taken from the file, as the post has none',
      '_posts/2019-02-04-same.md slug that is taken, so that a number was added: same → same-2',
      `_posts/2019-02-06-long-title.md title of more than 200 characters, which was cut: ${Array(60).fill('long').join(' ')}`,
      '_posts/2019-02-07-no_title.md title taken from the file name: no_title',
      `_posts/2019-02-11-long-category.md category of more than 50 characters, which was cut: ${'abcdefghij'.repeat(6)}`,
      '_posts/2999-01-01-future.md post of a future date became a draft: 2998-12-31T15:00:00.000Z',
      '_posts/no-date.md date taken from the file, as the post has none',
    ]);
  });

  it('brings the rest in as it is meant', () => {
    const { stored } = result;
    expect(stored['Carriage returns']).toMatchObject({ content: 'One.\r\n\r\nTwo.', tags: ['a', 'b'] });
    expect(stored['Byte order mark']).toMatchObject({ content: 'Text.', slug: 'bom' });
    expect(stored['1984']).toMatchObject({ slug: 'post-1984' });
    expect(stored['No title']).toMatchObject({ slug: 'no-title' });
    expect(stored['Future']).toMatchObject({ status: 'draft' });
    expect(stored['Later']).toMatchObject({ status: 'draft' });
    expect(stored['Zone']?.created_at).toEqual(new Date('2019-02-08T09:30:00Z'));
    expect(stored['Local']?.created_at).toEqual(new Date('2019-02-08T16:30:00Z'));
    expect(stored['안녕, 세계!']).toMatchObject({
      slug: 'annyeong-segye',
      category: '일상',
      paths: ['/일상/2019/02/10/안녕-세계.html'],
    });
    expect(stored['Bad date']?.created_at).toEqual(new Date('2019-02-12T15:00:00Z'));
    expect(stored['<script>alert(1)</script>']).toMatchObject({ slug: 'script', author: 'jane-doe' });
    expect(stored['Authors']).toMatchObject({ author: 'admin' });
    expect(stored['Long word']?.content).toHaveLength(150_000);
  });
});

describe('inkwell import of a WordPress export in bad shape', () => {
  let result: Imported;
  beforeAll(async () => {
    result = await importNasty('wordpress.xml');
  });

  it('skips what is broken, names file and line, and exits with 1', () => {
    expect(result.code).toBe(1);
    expect(result.remarksOf('broken')).toEqual([
      'wordpress.xml:152 has an empty body: Empty',
      'wordpress.xml:188 is not well-formed: it is not UTF-8',
      'wordpress.xml:25 is not well-formed: unexpected close tag.',
      'wordpress.xml:294 is not well-formed: unclosed tag: content:encoded',
    ]);
    expect(result.stdout).toContain(': 12 posts imported (5 drafts), 0 unchanged, 4 broken, 2 left out\n');
  });

  it('lists what could not be kept, and what is no post', () => {
    expect(result.remarksOf('left out')).toEqual([
      'wordpress.xml:238 post that occurs twice in the source: Twice',
      'wordpress.xml:254 WordPress page: Page',
    ]);
    expect(result.remarksOf('not kept')).toEqual([
      'wordpress.xml:104 former address that differs in its query only: https://nasty.example.com/?page_id=7',
      'wordpress.xml:200 being pinned to the front page',
      'wordpress.xml:200 comments: 1',
      'wordpress.xml:200 custom field "price"',
      'wordpress.xml:200 taxonomy "series": S',
      'wordpress.xml:222 former address that leads to another post: /good',
      'wordpress.xml:270 element <script>',
      'wordpress.xml:270 shortcode [gallery], which stays as text',
      'wordpress.xml:7 e-mail address of an author: admin',
    ]);
  });

  it('lists what it had to change', () => {
    expect(result.remarksOf('changed')).toEqual([
      'wordpress.xml:104 post with a password became a draft',
      'wordpress.xml:120 date taken from the file, as the post has none',
      'wordpress.xml:136 post without a title, which got "Untitled"',
      'wordpress.xml:168 control characters, which were dropped',
      'wordpress.xml:200 further categories became tags: B',
      'wordpress.xml:222 slug that is taken, so that a number was added: good → good-2',
      'wordpress.xml:270 <iframe>, which became a link',
      'wordpress.xml:56 private post became a draft',
      'wordpress.xml:72 post pending review became a draft',
      'wordpress.xml:88 scheduled post became a draft',
    ]);
  });

  it('brings the rest in as it is meant', () => {
    const { stored } = result;
    expect(stored['Fish & chips']).toMatchObject({
      slug: 'fish',
      status: 'published',
      author: 'admin',
    });
    expect(stored['Secret']).toMatchObject({ status: 'draft' });
    expect(stored['Draft']).toMatchObject({
      status: 'draft',
      paths: ['/?p=8'],
      created_at: new Date('2024-05-20T09:15:02Z'),
    });
    expect(stored['Control']?.content).toBe('<p>abc</p>');
    expect(stored['안녕']).toMatchObject({
      slug: 'annyeong',
      custom_excerpt: 'By hand',
      category: 'A',
      tags: ['B'],
      paths: ['/old', '/안녕'],
    });
    expect(stored['Same']).toMatchObject({ slug: 'good-2', author: 'admin-2' });
    expect(stored['Embeds']?.content).not.toMatch(/<script|<iframe/);
    expect(stored['Embeds']?.content).toContain('<a href="https://v.io/1"');
  });
});

describe('inkwell import of a Ghost export in bad shape', () => {
  let result: Imported;
  beforeAll(async () => {
    result = await importNasty('ghost.json');
  });

  it('skips what is broken, names its place, and exits with 1', () => {
    expect(result.code).toBe(1);
    expect(result.remarksOf('broken')).toEqual([
      'ghost.json:27 has no HTML, and cannot be converted to HTML: Post 2: card "gallery"',
      'ghost.json:posts[10] holds half a character (a lone surrogate): half \ud83d',
      'ghost.json:posts[14] is not a Ghost post: Invalid input: expected object, received string',
      'ghost.json:posts[2] has an empty body: Post 3',
      'ghost.json:posts[3] is not a Ghost post: title: Invalid input: expected string, received undefined',
      'ghost.json:posts[9] holds a NUL character: Post 10',
    ]);
  });

  it('lists what could not be kept, and what it had to change', () => {
    expect(result.remarksOf('not kept')).toEqual([
      'ghost.json:posts[0] further authors of a post: Bo',
      'ghost.json:posts[0] internal tag: #hidden',
      'ghost.json:posts[11] former address that leads to another post: /post-1',
      'ghost.json:posts[13] being featured',
    ]);
    const surprising = result.remarksOf('changed').filter((line) => !line.includes('post without an author'));
    expect(surprising).toEqual([
      'ghost.json:posts[11] slug that is taken, so that a number was added: post-1 → post-1-2',
      'ghost.json:posts[12] date taken from the file, as the post has none',
      'ghost.json:posts[4] scheduled post became a draft',
      'ghost.json:posts[5] post for paid only became a draft',
      'ghost.json:posts[6] post of status "sent" became a draft',
      `ghost.json:posts[8] title of more than 200 characters, which was cut: ${'x'.repeat(300)}`,
    ]);
  });

  it('brings the rest in as it is meant', () => {
    const { stored } = result;
    expect(stored['Post 1']).toMatchObject({
      author: 'jane',
      category: 'News',
      tags: ['News'],
      paths: ['/post-1'],
    });
    expect(stored['Post 5']).toMatchObject({ status: 'draft' });
    expect(stored['Post 6']).toMatchObject({ status: 'draft' });
    expect(stored['Post 14']).toMatchObject({
      created_at: new Date('2019-01-01T00:00:00Z'),
      custom_excerpt: 'By hand',
    });
  });
});

describe('inkwell import of a file that is no blog', () => {
  const folder = new BlogFolder();
  afterAll(folder.remove);

  it.each([
    ['letter.txt', 'Dear', 'is neither a folder of Markdown, nor a WordPress export'],
    ['half.json', '{"db": [\n{"meta": ', 'is not valid JSON: '],
    ['other.json', '{"name": "inkwell"}', 'is not a Ghost export: '],
    [
      'feed.xml',
      '<rss version="2.0"><channel></channel></rss>',
      'is neither a folder of Markdown, nor a WordPress export',
    ],
    [
      'korean.xml',
      '<?xml version="1.0" encoding="EUC-KR"?>\n<rss xmlns:wp="http://wordpress.org/export/1.2/">\n<channel>\n</channel>\n</rss>\n',
      'is in EUC-KR: convert it first, iconv -f EUC-KR -t UTF-8',
    ],
    ['missing', undefined, 'does not exist'],
  ])('refuses %s in one line', async (name, content, reason) => {
    if (content !== undefined) folder.write(name, content);
    const database = await createTestDatabase();
    try {
      const path = join(folder.path, name);
      const { code, stdout, stderr } = await runInkwell(['import', path], { DATABASE_URL: database.url });
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^[^\n]+\n$/);
      expect(stderr).toContain(`${path} ${reason}`);
    } finally {
      await database.drop();
    }
  });
});
