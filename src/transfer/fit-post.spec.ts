import { describe, expect, it } from '@jest/globals';
import { fitPost } from './fit-post.js';
import { BrokenPost, Remarks } from './remarks.js';
import type { SourcePost } from './source.js';

const NOW = new Date('2024-01-01T00:00:00Z');

const sourcePost = (changes: Partial<SourcePost>): SourcePost => ({
  key: 'test:1',
  written: '',
  place: 'a.md',
  title: 'Title',
  slug: 'title',
  content: 'Text.',
  contentFormat: 'markdown',
  author: undefined,
  category: 'News',
  tags: [],
  status: 'published',
  createdAt: new Date('2020-01-01T00:00:00Z'),
  updatedAt: undefined,
  formerAddresses: [],
  ...changes,
});

const fit = (changes: Partial<SourcePost>): { post: SourcePost; remarks: string[] } => {
  const remarks = new Remarks('a.md');
  const post = fitPost(sourcePost(changes), NOW, remarks);
  return { post, remarks: remarks.list.map(({ what }) => what) };
};

describe('fitPost', () => {
  it('leaves a post within the limits as it is', () => {
    const whole = {
      title: '가'.repeat(200),
      content: '가'.repeat(200_000),
      category: 'c'.repeat(50),
      tags: ['a', 'b'],
    };
    const { post, remarks } = fit(whole);
    expect(post).toEqual(sourcePost(whole));
    expect(remarks).toEqual([]);
  });

  it('cuts a title of 300 characters to 200, and says what it was', () => {
    const remarks = new Remarks('a.md');
    const { title } = fitPost(sourcePost({ title: '👻'.repeat(300) }), NOW, remarks);
    expect([...title]).toHaveLength(200);
    expect(title.endsWith('👻…')).toBe(true);
    expect(remarks.list).toEqual([
      {
        kind: 'changed',
        what: 'title of more than 200 characters, which was cut',
        place: 'a.md',
        detail: '👻'.repeat(300),
      },
    ]);
  });

  it('cuts an excerpt of 201 characters to 200, and takes an empty one for none', () => {
    const { post, remarks } = fit({ excerpt: 'x'.repeat(201) });
    expect(post.excerpt).toBe(`${'x'.repeat(199)}…`);
    expect(remarks).toEqual(['excerpt of more than 200 characters, which was cut']);
    expect(fit({ excerpt: ' \u200b' }).post.excerpt).toBeUndefined();
  });

  it('cuts a category of 51 characters to 50', () => {
    const { post, remarks } = fit({ category: 'c'.repeat(51) });
    expect(post.category).toBe(`${'c'.repeat(49)}…`);
    expect(remarks).toEqual(['category of more than 50 characters, which was cut']);
  });

  it('names a post of which nothing can be seen Untitled', () => {
    expect(fit({ title: ' \u200B ' }).post.title).toBe('Untitled');
  });

  it('takes no category for none', () => {
    expect(fit({ category: '  ' }).post.category).toBeUndefined();
  });

  it('keeps ten tags of different slugs, the first ones, and lists the rest', () => {
    const tags = ['Node.js', 'node-js', '', ...Array.from({ length: 11 }, (_, index) => `tag ${index}`)];
    const { post, remarks } = fit({ tags });
    expect(post.tags).toEqual(['Node.js', ...Array.from({ length: 9 }, (_, index) => `tag ${index}`)]);
    expect(remarks).toEqual(['tags beyond 10 a post']);
  });

  it('makes a post of the future a draft', () => {
    const { post, remarks } = fit({ createdAt: new Date('2024-01-01T00:00:01Z') });
    expect(post.status).toBe('draft');
    expect(remarks).toEqual(['post of a future date became a draft']);
  });

  it('sanitises HTML, and says what that took away', () => {
    const content =
      '<p onclick="x()" class="a">Hi<script>alert(1)</script> <iframe src="https://v.io/1"></iframe></p>';
    const { post, remarks } = fit({ content, contentFormat: 'html' });
    expect(post.content).not.toMatch(/script|onclick|iframe|class/);
    expect(post.content).toContain('https://v.io/1');
    expect(remarks).toEqual([
      'element <script>',
      '<iframe>, which became a link',
      'attributes of HTML elements',
    ]);
  });

  it('keeps Markdown as it is written, and says what no page will show of it', () => {
    const content = 'Hi <marquee>there</marquee>, `<script>`\n\n```html\n<form>\n```\n';
    const { post, remarks } = fit({ content });
    expect(post.content).toBe(content);
    expect(remarks).toEqual(['element <marquee>']);
  });

  it('lists files that stand beside the posts', () => {
    const content = '![a](/img/a.png) ![b](https://x.io/b.png) <img src="c.jpg"> ![d](./d.webp)';
    const remarks = new Remarks('a.md');
    fitPost(sourcePost({ content }), NOW, remarks);
    expect(remarks.list.map(({ detail }) => detail)).toEqual(['/img/a.png, c.jpg, ./d.webp']);
  });

  it.each([
    ['an empty body', { content: ' \n' }, 'has an empty body'],
    [
      'HTML that is nothing once it is safe',
      { content: '<script>1</script>', contentFormat: 'html' as const },
      'has an empty body',
    ],
    [
      'a body of 200,001 characters',
      { content: 'a'.repeat(200_001) },
      'has a body of more than 200000 characters',
    ],
    ['a NUL', { content: 'a\0b' }, 'holds a NUL character'],
    ['half a character', { title: 'a\uD83D' }, 'holds half a character (a lone surrogate)'],
  ])('refuses %s', (_, changes, what) => {
    expect(() => fit(changes)).toThrow(new BrokenPost(what));
  });
});
