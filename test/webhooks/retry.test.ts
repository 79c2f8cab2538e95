import { describe, expect, it } from '@jest/globals';
import { written } from '../blog/posts.js';
import { register } from '../support/accounts.js';
import { api } from '../support/api.js';
import { query } from '../support/database.js';
import { Hooked, untilReceived } from './hooked.js';
import { type Webhook, WEBHOOKS } from './hooks.js';
import { type Receiver, until } from './receiver.js';

const HOUR = 3_600;
const DAY = 24 * 3_600;

const on = new Hooked();

describe('an attempt that fails', () => {
  it.each<[what: string, reply: Receiver['reply'], status: number | null, error: RegExp]>([
    ['is answered 500', () => 500, 500, /answered 500/],
    ['is answered 404', () => 404, 404, /answered 404/],
    [
      'is redirected',
      () => (response) => response.writeHead(302, { location: 'http://[::1]/' }).end(),
      302,
      /answered 302/,
    ],
    ['is reset', () => (response) => response.socket!.resetAndDestroy(), null, /connection broke/],
    [
      'is answered with too much',
      () => (response) => response.end(Buffer.alloc(300 * 1024)),
      null,
      /larger than the call allows/,
    ],
  ])(
    'because it %s is made again, with the same id and body and a new signature',
    async (_, reply, status, error) => {
      const { receiver, webhook } = await on.hook('post.published');
      receiver.reply = reply;
      await written(on.inkwell, on.ada);
      await untilReceived(receiver, 1);
      await on.untilQuiet(webhook);
      const [delivery] = await on.deliveries(webhook);
      expect(delivery).toMatchObject({ state: 'pending', attempts: 1, last_status: status });
      expect(delivery!.last_error).toMatch(error);
      receiver.reply = () => 200;
      await on.pass(7);
      const [first, second] = await untilReceived(receiver, 2);
      expect(second!.text).toBe(first!.text);
      expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
      await on.untilQuiet(webhook);
      expect((await on.deliveries(webhook))[0]).toMatchObject({
        state: 'delivered',
        attempts: 2,
        last_status: 200,
        last_error: null,
      });
    },
  );

  it('holds back what comes after it about the same post, and nothing else', async () => {
    const { receiver, webhook } = await on.hook();
    const post = await written(on.inkwell, on.ada, { title: 'One' });
    await untilReceived(receiver, 1);
    receiver.reply = ({ body }) => (body.data.post?.id === post.id ? 500 : 204);
    await on.patch(post.id, { title: 'Two' });
    await untilReceived(receiver, 2);
    await on.patch(post.id, { title: 'Three' });
    await written(on.inkwell, on.ada, { title: 'Another' });
    await untilReceived(receiver, 3);
    await on.untilQuiet(webhook);
    expect(receiver.received.map(({ body }) => body.data.post?.title)).toEqual(['One', 'Two', 'Another']);
    receiver.reply = () => 204;
    await on.pass(7);
    await untilReceived(receiver, 5);
    expect(receiver.accepted.map(({ body }) => body.data.post?.title)).toEqual([
      'One',
      'Another',
      'Two',
      'Three',
    ]);
  });

  it('waits as long as Retry-After says', async () => {
    const { receiver, webhook } = await on.hook('post.published');
    receiver.reply = () => (response) => response.writeHead(429, { 'retry-after': '120' }).end();
    await written(on.inkwell, on.ada);
    await untilReceived(receiver, 1);
    await on.untilQuiet(webhook);
    const [row] = await query<{ seconds: number }>(
      on.inkwell,
      'SELECT extract(epoch FROM due_at - last_attempt_at)::float AS seconds FROM webhook_deliveries',
    );
    expect(row!.seconds).toBeGreaterThanOrEqual(119.9);
    expect(row!.seconds).toBeLessThan(160);
  });

  it('is no attempt at all after 410: the webhook is disabled, with what waited for it', async () => {
    const { receiver, webhook } = await on.hook();
    receiver.reply = () => 500;
    const post = await written(on.inkwell, on.ada);
    await untilReceived(receiver, 1);
    await on.untilQuiet(webhook);
    receiver.reply = () => 410;
    await register(on.inkwell, 'nobody-hears');
    await until(
      () => on.deliveries(webhook),
      (all) => all.every(({ state }) => state === 'dead'),
    );
    const path = `${WEBHOOKS}/${webhook.id}`;
    const { body } = await api(on.inkwell).get<Webhook>(path, on.admin.token);
    expect(body).toMatchObject({ enabled: false, disabled_reason: 'The receiver answered 410 Gone' });
    await on.patch(post.id, { title: 'Unheard' });
    await on.pass(DAY);
    // Other webhooks are served meanwhile.
    const other = await on.hook();
    await register(on.inkwell, 'somebody-hears');
    await untilReceived(other.receiver, 1);
    expect(receiver.received).toHaveLength(2);
    expect(await on.deliveries(webhook)).toHaveLength(2);
  });
});

describe('a receiver that is down for an hour', () => {
  it('gets everything in order afterwards, tried ever more rarely meanwhile', async () => {
    const { receiver, webhook } = await on.hook();
    receiver.reply = () => 500;
    const post = await written(on.inkwell, on.ada, { title: 'v1' });
    await untilReceived(receiver, 1);
    await on.patch(post.id, { title: 'v2' });
    await on.patch(post.id, { title: 'v3' });
    await on.untilQuiet(webhook);
    const attemptedAt = [0];
    for (let passed = 0; passed < HOUR; passed += 60) {
      await on.pass(60);
      await on.untilQuiet(webhook);
      if (receiver.received.length > attemptedAt.length) attemptedAt.push(passed + 60);
    }
    // The delays are 5, 10, 20 … seconds. Attempts are at most one per minute, then every 2, 5, 10, 20 minutes.
    expect(receiver.received.length).toBeGreaterThanOrEqual(6);
    expect(receiver.received.length).toBeLessThanOrEqual(10);
    const pauses = attemptedAt.slice(1).map((at, index) => at - attemptedAt[index]!);
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(new Set(receiver.received.map(({ body }) => body.id)).size).toBe(1);

    receiver.reply = () => 204;
    await on.pass(HOUR);
    await untilReceived(receiver, receiver.received.length + 3);
    expect(receiver.accepted.map(({ body }) => body.data.post?.title)).toEqual(['v1', 'v2', 'v3']);
    await on.untilQuiet(webhook);
    expect((await on.deliveries(webhook)).map(({ state }) => state)).toEqual([
      'delivered',
      'delivered',
      'delivered',
    ]);
  });
});
