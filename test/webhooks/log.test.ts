import { describe, expect, it } from '@jest/globals';
import { Housekeeping } from '../../src/platform/database/housekeeping.js';
import { written } from '../blog/posts.js';
import { api } from '../support/documented-api.js';
import { query } from '../support/database.js';
import { Hooked, untilReceived } from './hooked.js';
import { WEBHOOKS } from './hooks.js';
import { type Received, until } from './receiver.js';

const HOUR = 3_600;
const DAY = 24 * 3_600;

const on = new Hooked();

describe('GET /api/webhooks/:id/deliveries', () => {
  it('lists what was sent, newest first, by state and in portions', async () => {
    const { receiver, webhook } = await on.hook('post.published');
    const titles = ['A', 'B', 'C'];
    for (const title of titles) await written(on.inkwell, on.ada, { title });
    await untilReceived(receiver, 3);
    await on.untilQuiet(webhook);
    const all = await on.deliveries(webhook);
    expect(all.map(({ payload }) => (payload as Received['body']).data.post?.title)).toEqual(['C', 'B', 'A']);
    expect(all[0]).toEqual({
      ...{ id: expect.any(Number), event_id: receiver.received[2]!.body.id, type: 'post.published' },
      ...{ state: 'delivered', attempts: 1, last_status: 204, last_error: null, next_attempt_at: null },
      ...{
        created_at: expect.any(String),
        last_attempt_at: expect.any(String),
        finished_at: expect.any(String),
      },
      payload: receiver.received[2]!.body,
    });
    const [newest] = await on.deliveries(webhook, '?limit=1');
    expect(newest).toEqual(all[0]);
    expect(await on.deliveries(webhook, `?before=${newest!.id}&limit=1`)).toEqual([all[1]]);
    expect(await on.deliveries(webhook, '?state=pending')).toEqual([]);
    for (const search of ['?limit=0', '?limit=101', '?state=lost', '?before=x', '?page=2'])
      expect(
        (await api(on.inkwell).get(`${WEBHOOKS}/${webhook.id}/deliveries${search}`, on.admin.token)).status,
      ).toBe(400);
  });
});

describe('a dead letter', () => {
  it('is what failed for a day; later ones of the same post go on, and it can be sent anew', async () => {
    const { receiver, webhook } = await on.hook();
    receiver.reply = () => 500;
    const post = await written(on.inkwell, on.ada, { title: 'Lost' });
    await untilReceived(receiver, 1);
    await on.patch(post.id, { title: 'Next' });
    await on.untilQuiet(webhook);
    await on.pass(DAY);
    await until(
      () => on.deliveries(webhook, '?state=dead'),
      ({ length }) => length === 1,
    );
    await until(
      () => on.deliveries(webhook, '?state=pending'),
      ([next]) => next?.attempts === 1,
    );
    const path = `${WEBHOOKS}/${webhook.id}`;
    const { body: dead } = await api(on.inkwell).get<{ id: number; event_id: string }[]>(
      `${path}/dead-letters`,
      on.admin.token,
    );
    expect(dead).toEqual([
      expect.objectContaining({ state: 'dead', attempts: 2, next_attempt_at: null, last_status: 500 }),
    ]);

    receiver.reply = () => 204;
    await on.pass(7);
    await until(
      () => receiver.accepted,
      ({ length }) => length === 1,
    );
    const replayed = await api(on.inkwell).post(
      `${path}/deliveries/${dead[0]!.id}/replay`,
      undefined,
      on.admin.token,
    );
    expect(replayed.status).toBe(202);
    expect(replayed.body).toMatchObject({ id: dead[0]!.id, state: 'pending', attempts: 0 });
    await until(
      () => receiver.accepted,
      ({ length }) => length === 2,
    );
    expect(
      receiver.accepted.map(({ body }) => [body.data.post?.title, body.id === dead[0]!.event_id]),
    ).toEqual([
      ['Next', false],
      ['Lost', true],
    ]);
  });

  it('cannot be replayed while it is tried, nor where it does not belong', async () => {
    const { receiver, webhook } = await on.hook();
    const other = await on.hook();
    receiver.reply = () => 500;
    await written(on.inkwell, on.ada);
    await untilReceived(receiver, 1);
    const [delivery] = await on.deliveries(webhook);
    const replay = (hookId: number, id: number) =>
      api(on.inkwell).post(`${WEBHOOKS}/${hookId}/deliveries/${id}/replay`, undefined, on.admin.token);
    const pending = await replay(webhook.id, delivery!.id);
    expect([pending.status, pending.body['code']]).toEqual([409, 'webhook.delivery_pending']);
    const foreign = await replay(other.webhook.id, delivery!.id);
    expect([foreign.status, foreign.body['code']]).toEqual([404, 'webhook.delivery_not_found']);
  });
});

describe('housekeeping', () => {
  it('forgets delivered ones after 3 days and dead letters after 30, and keeps what is pending', async () => {
    const { receiver, webhook } = await on.hook('post.published');
    for (const title of ['one', 'two', 'three']) await written(on.inkwell, on.ada, { title });
    await untilReceived(receiver, 3);
    await on.untilQuiet(webhook);
    const [, two, three] = (await on.deliveries(webhook)).reverse();
    await query(on.inkwell, `UPDATE webhook_deliveries SET state = 'dead' WHERE id = $1`, [two!.id]);
    await query(
      on.inkwell,
      `UPDATE webhook_deliveries SET state = 'pending', due_at = now() + interval '60 days' WHERE id = $1`,
      [three!.id],
    );
    const states = async () => (await on.deliveries(webhook)).map(({ state }) => state);
    await on.pass(3 * DAY + HOUR);
    await on.inkwell.app.get(Housekeeping).sweep();
    expect(await states()).toEqual(['pending', 'dead']);
    await on.pass(27 * DAY);
    await on.inkwell.app.get(Housekeeping).sweep();
    expect(await states()).toEqual(['pending']);
  });
});

describe('GET /metrics', () => {
  it('counts attempts by their result and says how far the work lags', async () => {
    const { receiver, webhook } = await on.hook();
    await written(on.inkwell, on.ada);
    await untilReceived(receiver, 1);
    await on.untilQuiet(webhook);
    const { body } = await api(on.inkwell).get<string>('/metrics');
    expect(body).toMatch(/^webhook_deliveries_total\{result="delivered"\} [1-9]/m);
    expect(body).toMatch(/^webhook_deliveries_total\{result="failed"\} [1-9]/m);
    const lag = Number(/^outbox_lag_seconds ([\d.e-]+)$/m.exec(body)?.[1]);
    expect(lag).toBeGreaterThanOrEqual(0);
    expect(lag).toBeLessThan(20);
  });
});
