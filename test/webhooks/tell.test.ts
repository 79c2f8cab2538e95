import { describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { written } from '../blog/posts.js';
import { register, registerAndLogin, removeAccount } from '../support/accounts.js';
import { api } from '../support/api.js';
import { Hooked, untilReceived } from './hooked.js';
import { type Received } from './receiver.js';

const on = new Hooked();

describe('a webhook', () => {
  it('is told of a post: when it is published, revised and removed', async () => {
    const { receiver } = await on.hook();
    const { id, slug } = await written(on.inkwell, on.ada, {
      title: 'Told',
      tags: ['News'],
      content: 'Not sent',
    });
    await on.patch(id, { title: 'Told again' });
    await api(on.inkwell).delete(`/blog/api/posts/${id}`, on.ada.token);
    const received = await untilReceived(receiver, 3);
    const first = { id, slug, title: 'Told', author: 'ada', category: 'general', tags: ['news'], version: 1 };
    const second = { ...first, title: 'Told again', version: 2 };
    expect(received.map(({ body: { type, data } }) => [type, data])).toEqual([
      ['post.published', { post: first }],
      ['post.revised', { post: second, previous: first }],
      ['post.removed', { post: second }],
    ]);
    expect(new Set(received.map(({ body }) => body.id)).size).toBe(3);
    expect(received.filter(({ text }) => text.includes('Not sent'))).toEqual([]);
  });

  it('is told of users by their names, never of an e-mail address', async () => {
    const { receiver } = await on.hook();
    const user = await registerAndLogin(on.inkwell, 'grace');
    await api(on.inkwell).patch('/api/users/grace', { email: 'other@example.org', bio: 'Hello' }, user.token);
    await removeAccount(on.inkwell, 'grace', user.token);
    const received = await untilReceived(receiver, 2);
    expect(received.map(({ body: { type, data } }) => [type, data])).toEqual([
      ['user.registered', { user: { id: user.id, username: 'grace' } }],
      ['user.removed', { user: { id: user.id, username: 'grace' } }],
    ]);
    expect(received.filter(({ text }) => text.includes('@'))).toEqual([]);
  });

  it('hears nothing of a draft: only that a post appears, and that it is gone', async () => {
    const { receiver } = await on.hook();
    const { id } = await written(on.inkwell, on.ada, { title: 'Hidden', slug: 'a-post', status: 'draft' });
    await on.patch(id, { title: 'Still hidden' });
    await on.patch(id, { status: 'published', title: 'Shown' });
    await on.patch(id, { status: 'draft', title: 'Hidden again' });
    await on.patch(id, { title: 'Hidden for good' });
    await api(on.inkwell).delete(`/blog/api/posts/${id}`, on.ada.token);
    await register(on.inkwell, 'last-of-all');
    const received = await untilReceived(receiver, 3);
    // Only the events of one thing come in order.
    const byType = received.toSorted(({ body: one }, { body: other }) => (one.type < other.type ? -1 : 1));
    expect(byType.map(({ body }) => [body.type, body.data.post?.title])).toEqual([
      ['post.published', 'Shown'],
      ['post.removed', 'Shown'],
      ['user.registered', undefined],
    ]);
    expect(received.filter(({ text }) => /hidden/i.test(text))).toEqual([]);
  });

  it('is told of the events it asked for, and of nothing before it was made', async () => {
    await register(on.inkwell, 'too-early');
    const { receiver, webhook } = await on.hook('user.registered');
    await written(on.inkwell, on.ada);
    await register(on.inkwell, 'in-time');
    await untilReceived(receiver, 1);
    expect(receiver.received.map(({ body }) => body.data.user?.username)).toEqual(['in-time']);
    expect(await on.deliveries(webhook)).toHaveLength(1);
  });

  it('signs each attempt by Standard Webhooks, over id, timestamp and the bytes of the body', async () => {
    const { receiver, webhook } = await on.hook();
    await written(on.inkwell, on.ada, { title: '안녕 “é” \u{1f600}' });
    const [{ headers, text, body }] = (await untilReceived(receiver, 1)) as [Received];
    expect(headers['content-type']).toBe('application/json');
    expect(headers['webhook-id']).toBe(body.id);
    const timestamp = Number(headers['webhook-timestamp']);
    expect(Math.abs(Date.now() / 1000 - timestamp)).toBeLessThan(60);
    const key = Buffer.from(webhook.secret.replace(/^whsec_/, ''), 'base64');
    const hmac = createHmac('sha256', key).update(`${body.id}.${timestamp}.${text}`).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${hmac}`);
    expect(Object.keys(body)).toEqual(['id', 'type', 'created_at', 'data']);
  });

  it('gets one event under one id, and other webhooks get it under the same', async () => {
    const [one, other] = [await on.hook(), await on.hook()];
    await written(on.inkwell, on.ada);
    const [[a], [b]] = [await untilReceived(one.receiver, 1), await untilReceived(other.receiver, 1)];
    expect(a!.body.id).toBe(b!.body.id);
    expect(a!.text).toBe(b!.text);
    expect(a!.headers['webhook-signature']).not.toBe(b!.headers['webhook-signature']);
  });
});
