import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';

interface Written {
  readonly id: number;
  readonly slug: string;
  readonly category: { readonly id: number; readonly name: string; readonly slug: string };
}

let inkwell: Inkwell;
let [ada, eve]: [Account?, Account?] = [];
beforeAll(async () => {
  inkwell = await startInkwell();
  [ada, eve] = [await registerAndLogin(inkwell, 'ada'), await registerAndLogin(inkwell, 'eve')];
});
afterAll(() => inkwell.close());

const write = (by: Account, post: object) =>
  api(inkwell).post<Written>('/blog/api/posts', { content: 'Text.', ...post }, by.token);
const draft = (post: object) => write(ada!, { status: 'draft', ...post });

describe('what only drafts of others hold', () => {
  it('is not counted by /stats', async () => {
    const countOf = async (): Promise<unknown> => {
      // In the split shape, another process counts, at most once in five seconds.
      const fresh = await startInkwell({}, { databaseUrl: inkwell.databaseUrl });
      try {
        return (await api(fresh).get('/stats')).body['categories'];
      } finally {
        await fresh.close();
      }
    };
    const before = await countOf();
    await draft({ title: 'Uncounted', category_name: 'Uncounted plans' });
    expect(await countOf()).toBe(before);
  });

  it('is free as a slug that is asked for, or made of a title; the draft makes way', async () => {
    const { body: hidden } = await draft({ title: 'The takeover', slug: 'the-takeover' });
    const asked = await write(eve!, { title: 'Other', slug: 'the-takeover', status: 'draft' });
    expect([asked.status, asked.body.slug]).toEqual([201, 'the-takeover']);
    await draft({ title: 'Hidden title' });
    expect((await write(eve!, { title: 'Hidden title' })).body.slug).toBe('hidden-title');
    const own = await api(inkwell).get<Written>(`/blog/api/posts/${hidden.id}`, ada!.token);
    expect(own.body.slug).toMatch(/^the-takeover-[0-9a-f]{8}$/);
  });

  it('is free as a slug that a post is changed to', async () => {
    await draft({ title: 'Merger', slug: 'merger' });
    const { id } = (await write(eve!, { title: 'Something else' })).body;
    const changed = await api(inkwell).patch<Written>(
      `/blog/api/posts/${id}`,
      { slug: 'merger' },
      eve!.token,
    );
    expect([changed.status, changed.body.slug]).toEqual([200, 'merger']);
  });

  it('does not give its spelling, slug or number of a name to a category', async () => {
    await draft({ title: 'One', category_name: 'Café' });
    await draft({ title: 'Two', category_name: 'LayOffs 2027' });
    const named = await write(eve!, { title: 'Mine', category_name: 'layoffs 2027' });
    expect(named.body.category).toMatchObject({ name: 'layoffs 2027', slug: 'layoffs-2027' });
    const other = await write(eve!, { title: 'Mine too', category_name: 'Cafe' });
    expect(other.body.category).toMatchObject({ name: 'Cafe', slug: 'cafe' });
  });

  it('stays taken for its own author and for what was public once', async () => {
    await draft({ title: 'Own', slug: 'own-draft' });
    expect((await draft({ title: 'Own again', slug: 'own-draft' })).status).toBe(409);
    const { id } = (await write(ada!, { title: 'Once public', slug: 'once-public' })).body;
    await api(inkwell).patch(`/blog/api/posts/${id}`, { status: 'draft' }, ada!.token);
    expect((await write(eve!, { title: 'Mine', slug: 'once-public' })).status).toBe(409);
  });
});
