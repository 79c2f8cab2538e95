import { describe, expect, it } from '@jest/globals';
import { Welcome } from '../src/welcome/welcome.service.js';
import { registerAndLogin } from './support/accounts.js';
import { api } from './support/api.js';
import { type Inkwell, startInkwell } from './support/start-inkwell.js';

interface Listed {
  readonly slug: string;
  readonly author: string;
  readonly created_at: string;
}

async function withInkwell(
  environment: Record<string, string>,
  work: (inkwell: Inkwell) => Promise<void>,
): Promise<void> {
  const inkwell = await startInkwell(environment);
  await work(inkwell).finally(() => inkwell.close());
}

const list = async (inkwell: Inkwell): Promise<Listed[]> =>
  (await api(inkwell).get<Listed[]>('/blog/api/posts?limit=100')).body;

describe('the first start with an empty database', () => {
  it('finds about twenty readable posts, the introduction on top', async () => {
    await withInkwell({ WELCOME: 'true' }, async (inkwell) => {
      const posts = await list(inkwell);
      expect(posts.length).toBeGreaterThanOrEqual(18);
      expect(posts[0]).toMatchObject({ slug: 'welcome', author: 'inkwell' });
      const dates = posts.map((post) => Date.parse(post.created_at));
      expect(new Set(dates).size).toBe(posts.length);
      expect(Math.max(...dates)).toBeLessThanOrEqual(Date.now());
      for (const { slug } of posts) {
        expect([slug, (await fetch(`${inkwell.url}/blog/posts/${slug}`)).status]).toEqual([slug, 200]);
      }
    });
  });

  it('gives the author of the posts no password', async () => {
    await withInkwell({ WELCOME: 'true' }, async (inkwell) => {
      const { status } = await api(inkwell).post('/api/login', { username: 'inkwell', password: 'inkwell' });
      expect(status).toBe(401);
      expect((await api(inkwell).get('/api/users/inkwell')).body).toMatchObject({ username: 'inkwell' });
    });
  });

  it('puts the posts in once, however many replicas start together or again', async () => {
    await withInkwell({ WELCOME: 'true' }, async (inkwell) => {
      const others = await Promise.all(
        Array.from({ length: 2 }, () =>
          startInkwell({ WELCOME: 'true', DATABASE_URL: inkwell.databaseUrl, DATABASE_POOL_MAX: '5' }),
        ),
      );
      const before = await list(inkwell);
      await Promise.all([inkwell, ...others].map(({ app }) => app.get(Welcome).onApplicationBootstrap()));
      expect(await list(inkwell)).toEqual(before);
      await Promise.all(others.map((other) => other.close()));
    });
  });

  it('puts them in once when replicas race for the empty database', async () => {
    await withInkwell({ WELCOME: 'false' }, async (inkwell) => {
      const welcomed = { WELCOME: 'true', DATABASE_URL: inkwell.databaseUrl, DATABASE_POOL_MAX: '5' };
      const replicas = await Promise.all(Array.from({ length: 3 }, () => startInkwell(welcomed)));
      const posts = await list(inkwell);
      expect(new Set(posts.map((post) => post.slug)).size).toBe(posts.length);
      expect(posts.length).toBeGreaterThanOrEqual(18);
      await Promise.all(replicas.map((replica) => replica.close()));
    });
  });

  it('puts nothing in when WELCOME is false', async () => {
    await withInkwell({ WELCOME: 'false' }, async (inkwell) => {
      expect(await list(inkwell)).toEqual([]);
    });
  });

  it('puts nothing in when somebody has registered already', async () => {
    await withInkwell({ WELCOME: 'false' }, async (inkwell) => {
      await registerAndLogin(inkwell, 'ada');
      const next = await startInkwell({ WELCOME: 'true', DATABASE_URL: inkwell.databaseUrl });
      expect(await list(next)).toEqual([]);
      await next.close();
    });
  });

  it('puts nothing in in production', async () => {
    await withInkwell({ WELCOME: 'true', NODE_ENV: 'production' }, async (inkwell) => {
      expect(await list(inkwell)).toEqual([]);
    });
  });
});
