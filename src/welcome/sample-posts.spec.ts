import { describe, expect, it } from '@jest/globals';
import { renderMarkdown } from '../platform/markup/render-markdown.js';
import { readSamplePosts } from './sample-posts.js';

const posts = readSamplePosts();

describe('readSamplePosts', () => {
  it('finds about twenty posts in several categories, one of them Korean', () => {
    expect(posts.length).toBeGreaterThanOrEqual(18);
    expect(new Set(posts.map(({ category }) => category)).size).toBeGreaterThanOrEqual(5);
    expect(posts.filter(({ title }) => /\p{scx=Hang}/u.test(title))).toHaveLength(1);
  });

  it('has titles, slugs and addresses of its own for each', () => {
    expect(new Set(posts.map(({ title }) => title)).size).toBe(posts.length);
    expect(new Set(posts.map(({ slug }) => slug)).size).toBe(posts.length);
  });

  it.each(posts.map((post) => [post.slug, post] as const))(
    '%s keeps to the limits of a post',
    (slug, post) => {
      expect(slug).toMatch(/^(?!\d+$)[a-z0-9]+(?:-[a-z0-9]+)*$/);
      expect(post.title.length).toBeLessThanOrEqual(200);
      expect(post.category.length).toBeLessThanOrEqual(50);
      expect(post.tags.length).toBeLessThanOrEqual(10);
      expect(post.content.length).toBeGreaterThan(300);
    },
  );

  it('links only to posts that are among them', () => {
    const slugs = new Set(posts.map(({ slug }) => slug));
    const links = posts.flatMap(({ content }) => [
      ...renderMarkdown(content).matchAll(/href="\/blog\/posts\/([^"]+)"/g),
    ]);
    expect(links.length).toBeGreaterThan(5);
    expect(links.map(([, slug]) => slug!).filter((slug) => !slugs.has(slug))).toEqual([]);
  });
});
