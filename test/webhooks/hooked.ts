import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { WebhookDeliverer } from '../../src/webhooks/webhook-deliverer.service.js';
import { type Account, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { administrator, type Delivery, deliveriesOf, letPass, made, type Webhook } from './hooks.js';
import { type Received, Receiver, until } from './receiver.js';

export interface Hook {
  readonly receiver: Receiver;
  readonly webhook: Webhook;
}

const BUSY = `
  SELECT id FROM webhook_deliveries AS d WHERE webhook_id = $1 AND (lease IS NOT NULL
    OR state = 'pending' AND due_at <= now() AND NOT EXISTS (
      SELECT FROM webhook_deliveries AS e WHERE e.subject = d.subject AND e.state = 'pending' AND e.id < d.id))`;

export const untilReceived = (receiver: Receiver, count: number): Promise<Received[]> =>
  until(
    () => receiver.received,
    ({ length }) => length >= count,
  );

/** An application that may send webhooks to receivers on this machine. After each test, all webhooks are deleted. */
export class Hooked {
  inkwell!: Inkwell;
  admin!: Account;
  ada!: Account;
  private receivers: Receiver[] = [];

  constructor() {
    beforeAll(async () => {
      this.inkwell = await startInkwell({ WEBHOOKS_ALLOW_PRIVATE: 'true' });
      this.admin = await administrator(this.inkwell);
      this.ada = await registerAndLogin(this.inkwell, 'ada');
    });
    afterEach(async () => {
      await query(this.inkwell, 'DELETE FROM webhooks');
      for (const receiver of this.receivers) receiver.close();
      this.receivers = [];
    });
    afterAll(() => this.inkwell.close());
  }

  /** @param events all by default */
  async hook(...events: string[]): Promise<Hook> {
    const receiver = await Receiver.start();
    this.receivers.push(receiver);
    const asked = events.length > 0 ? [events] : [];
    return { receiver, webhook: await made(this.inkwell, this.admin, receiver.url, ...asked) };
  }

  deliveries(webhook: Webhook, search?: string): Promise<Delivery[]> {
    return deliveriesOf(this.inkwell, this.admin, webhook, search);
  }

  async patch(postId: number, change: object): Promise<void> {
    const { status } = await api(this.inkwell).patch(`/blog/api/posts/${postId}`, change, this.ada.token);
    if (status !== 200) throw new Error(`The post was not changed: ${status}`);
  }

  /** As if this much time had passed. Due deliveries are sent at once. */
  async pass(seconds: number): Promise<void> {
    await letPass(this.inkwell.databaseUrl, seconds);
    this.inkwell.app.get(WebhookDeliverer).wake();
  }

  /** Waits until nothing is being sent, and nothing can be sent now. */
  async untilQuiet(webhook: Webhook): Promise<void> {
    await until(
      () => query<{ id: string }>(this.inkwell, BUSY, [webhook.id]),
      (busy) => busy.length === 0,
    );
  }
}
