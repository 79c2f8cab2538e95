import { describe, expect, it } from '@jest/globals';
import type { SourcePost } from './source.js';
import { syntheticAuthor, syntheticBlog } from './synthetic-blog.js';

async function posts(authors: number, count: number): Promise<SourcePost[]> {
  const made: SourcePost[] = [];
  for await (const { post } of syntheticBlog(authors, count).items()) made.push(post!);
  return made;
}

describe('syntheticBlog', () => {
  it('makes the same posts every time, and the first ones of a larger blog alike', async () => {
    const few = await posts(5, 50);
    expect(await posts(5, 50)).toEqual(few);
    expect((await posts(5, 200)).slice(0, 50)).toEqual(few);
    expect(syntheticAuthor(3)).toEqual(syntheticAuthor(3));
  });

  it('makes posts as people write them: about 4 KB, in two languages, some drafts, many slugs', async () => {
    const made = await posts(10, 1_000);
    const bytes = made.reduce((sum, post) => sum + Buffer.byteLength(post.content), 0) / made.length;
    const korean = made.filter((post) => /[가-힣]/.test(post.content)).length;
    const drafts = made.filter((post) => post.status === 'draft').length;
    expect(bytes).toBeGreaterThan(3_000);
    expect(bytes).toBeLessThan(6_000);
    expect(korean).toBeGreaterThan(80);
    expect(drafts).toBeGreaterThan(5);
    expect(drafts).toBeLessThan(100);
    expect(new Set(made.map((post) => post.slug)).size).toBe(1_000);
    expect(new Set(made.map((post) => post.author?.name)).size).toBe(10);
  });
});
