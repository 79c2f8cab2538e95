import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { outboxOf, type OutboxRow } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { type PostDetail, POSTS, write, written } from './posts.js';

let inkwell: Inkwell;
let ada: Account;
beforeAll(async () => {
  inkwell = await startInkwell();
  ada = await registerAndLogin(inkwell, 'ada');
});
afterAll(() => inkwell.close());

const patch = (id: number, change: object) => api(inkwell).patch(`${POSTS}/${id}`, change, ada.token);
const during = (work: () => Promise<unknown>): Promise<OutboxRow[]> => outboxOf(inkwell, work);
const sorted = (tags: readonly string[]) => [...tags].sort();

/** Tags of the lists that show a post. */
const lists = ({ category, author }: PostDetail, ...tags: string[]) => [
  'posts',
  `posts:category:${category.slug}`,
  `posts:author:${author}`,
  ...tags.map((tag) => `posts:tag:${tag}`),
];

describe('the outbox', () => {
  it('says of a new post: its id and slug, the lists it is in, and the counts', async () => {
    let post!: PostDetail;
    const events = await during(async () => {
      post = await written(inkwell, ada, { tags: ['C++', '한글'], title: 'Evented' });
    });
    expect(events.map(({ event }) => event)).toEqual(['post.published']);
    expect(sorted(events[0]!.tags)).toEqual(
      sorted([
        `post:${post.id}`,
        'post-slug:evented',
        'categories',
        'tags',
        ...lists(post, 'c-plus-plus', 'hangeul'),
      ]),
    );
    expect(events[0]!.payload).toEqual({
      post: {
        ...{ id: post.id, slug: 'evented', title: 'Evented', author: 'ada', version: 1 },
        ...{ category: 'general', tags: ['c-plus-plus', 'hangeul'] },
      },
      formerSlugs: [],
    });
  });

  it('says when a category comes and goes', async () => {
    let post!: PostDetail;
    const created = await during(async () => {
      post = await written(inkwell, ada, { category_name: 'Brand new' });
    });
    expect(created.map(({ event }) => event)).toEqual(['category.created', 'post.published']);
    expect(created[0]!.tags).toEqual(['categories', 'posts:category:brand-new']);
    const removed = await during(() => api(inkwell).delete(`${POSTS}/${post.id}`, ada.token));
    expect(removed.map(({ event }) => event)).toEqual(['category.removed', 'post.removed']);
    expect(removed[0]!.tags).toEqual(['categories', 'posts:category:brand-new']);
    expect(sorted(removed[1]!.tags)).toEqual(sorted([`post:${post.id}`, 'categories', ...lists(post)]));
  });

  it('says of new content: the post and its lists, which show when it was changed', async () => {
    const post = await written(inkwell, ada, { tags: ['a'] });
    const [event, ...more] = await during(() => patch(post.id, { content: 'Other words' }));
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      event: 'post.revised',
      payload: { before: { version: 1 }, after: { version: 2 } },
    });
    expect(sorted(event!.tags)).toEqual(sorted([`post:${post.id}`, ...lists(post, 'a')]));
  });

  it('says of moved posts: the lists they left and the lists they are in now', async () => {
    await written(inkwell, ada, { category_name: 'From' });
    await written(inkwell, ada, { category_name: 'To' });
    const post = await written(inkwell, ada, { category_name: 'From', tags: ['a', 'b'] });
    const [event] = await during(() => patch(post.id, { category_name: 'To', tags: ['b', 'c'] }));
    expect(sorted(event!.tags)).toEqual(
      sorted([`post:${post.id}`, 'categories', 'tags', 'posts:category:to', ...lists(post, 'a', 'b', 'c')]),
    );
  });

  it('says of a new spelling of a tag: the list of tags, too', async () => {
    const post = await written(inkwell, ada, { tags: ['Node.js', 'b'] });
    const tagsOf = async (tags: string[]) => (await during(() => patch(post.id, { tags })))[0]!.tags;
    expect(await tagsOf(['node-js', 'b'])).toContain('tags');
    expect(await tagsOf(['b', 'node-js'])).not.toContain('tags');
  });

  it('says of a new slug: that it is not free any more', async () => {
    const post = await written(inkwell, ada);
    const [event] = await during(() => patch(post.id, { slug: 'renamed-to-this' }));
    expect(sorted(event!.tags)).toEqual(
      sorted([`post:${post.id}`, 'post-slug:renamed-to-this', ...lists(post)]),
    );
  });

  it('says nothing of drafts, until they are published', async () => {
    let draft!: PostDetail;
    const events = await during(async () => {
      draft = await written(inkwell, ada, { status: 'draft' });
      await patch(draft.id, { title: 'Still hidden', tags: ['x'], slug: 'still-hidden' });
      await api(inkwell).delete(
        `${POSTS}/${(await written(inkwell, ada, { status: 'draft' })).id}`,
        ada.token,
      );
    });
    expect(events).toEqual([]);
    const [published] = await during(() => patch(draft.id, { status: 'published' }));
    expect(published!.event).toBe('post.published');
    expect(sorted(published!.tags)).toEqual(
      sorted([`post:${draft.id}`, 'post-slug:still-hidden', 'categories', 'tags', ...lists(draft, 'x')]),
    );
  });

  it('says of an unpublished post: the lists it was in; and of its return: its former addresses too', async () => {
    const post = await written(inkwell, ada, { slug: 'coming', tags: ['a'] });
    const [gone] = await during(() => patch(post.id, { status: 'draft', tags: ['b'] }));
    expect(gone!.event).toBe('post.unpublished');
    expect(sorted(gone!.tags)).toEqual(
      sorted([`post:${post.id}`, 'categories', 'tags', ...lists(post, 'a')]),
    );
    const [back] = await during(() => patch(post.id, { status: 'published', slug: 'coming-back' }));
    expect(back!.event).toBe('post.published');
    expect(back!.tags).toEqual(expect.arrayContaining(['post-slug:coming', 'post-slug:coming-back']));
  });

  it('says nothing of refusals, and of changes of nothing only what replicas must have heard of before', async () => {
    const post = await written(inkwell, ada, { slug: 'unmoved' });
    const events = await during(async () => {
      await patch(post.id, {});
      await patch(post.id, { title: post.title });
      await patch(post.id, { title: '' });
      await api(inkwell).patch(`${POSTS}/${post.id}`, { title: 'x' }, ada.token, { 'if-match': '"9-x"' });
      await write(inkwell, ada, { slug: 'unmoved', category_name: 'Never made' });
      await patch(post.id, { category_id: 999_999 });
    });
    // One event for each of the two changes without effect.
    expect(events.map(({ event }) => event)).toEqual(['change.repeated', 'change.repeated']);
  });
});
