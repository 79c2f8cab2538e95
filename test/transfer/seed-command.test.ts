import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runInkwell } from '../support/run-inkwell.js';
import { storedPosts } from '../support/stored-posts.js';
import { createTestDatabase, query } from '../support/test-database.js';

type Database = Awaited<ReturnType<typeof createTestDatabase>>;

const seed = async ({ url }: Database, users: number, posts: number): Promise<string> => {
  const words = ['seed', '--users', String(users), '--posts', String(posts)];
  const { code, stdout, stderr } = await runInkwell(words, { DATABASE_URL: url });
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
};

const usernames = ({ url }: Database): Promise<object[]> =>
  query(url, 'SELECT username, display_name, role FROM users ORDER BY id');

describe('inkwell seed', () => {
  let one: Database;
  let other: Database;
  beforeAll(async () => {
    one = await createTestDatabase();
    other = await createTestDatabase();
  });
  afterAll(async () => {
    await one.drop();
    await other.drop();
  });

  it('makes the same rows in every database', async () => {
    expect(await seed(one, 30, 60)).toMatch(
      /^30 users; 60 posts created \(\d+ drafts?\), 0 existed already\n$/,
    );
    await seed(other, 30, 60);
    expect(await storedPosts(other.url)).toEqual(await storedPosts(one.url));
    expect(await usernames(other)).toEqual(await usernames(one));
    expect(await usernames(one)).toHaveLength(30);
  });

  it('adds what is missing when more is asked for, and nothing the second time', async () => {
    expect(await seed(one, 30, 100)).toMatch(
      /^30 users; 40 posts created \(\d+ drafts?\), 60 existed already\n$/,
    );
    expect(await seed(one, 30, 100)).toBe('30 users; 0 posts created (0 drafts), 100 existed already\n');
    expect((await storedPosts(one.url)).slice(0, 60)).toEqual(await storedPosts(other.url));
  });

  it('makes users without posts, too', async () => {
    expect(await seed(other, 40, 0)).toBe('40 users; 0 posts created (0 drafts), 0 existed already\n');
    expect(await usernames(other)).toHaveLength(40);
  });
});
