import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { register } from '../support/accounts.js';
import { query } from '../support/database.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { administrator, deliveriesOf, made } from './hooks.js';
import { Receiver, until } from './receiver.js';

let inkwell: Inkwell;
let receiver: Receiver;
beforeAll(async () => {
  inkwell = await startInkwell();
  receiver = await Receiver.start();
});
afterAll(async () => {
  await inkwell.close();
  receiver.close();
});

describe('a delivery', () => {
  it('connects to no address that is not public, whatever its URL has become since it was checked', async () => {
    const admin = await administrator(inkwell);
    const { port } = new URL(receiver.url);
    // A name that resolves to this machine, and forms of its address.
    const hosts = ['localhost', '127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0', '2130706433'];
    const webhooks = [];
    for (const host of hosts) {
      const webhook = await made(inkwell, admin, 'https://example.org/', ['user.registered']);
      await query(inkwell, 'UPDATE webhooks SET url = $2 WHERE id = $1', [
        webhook.id,
        `http://${host}:${port}/`,
      ]);
      webhooks.push(webhook);
    }
    await register(inkwell, 'nobody-is-told');
    for (const webhook of webhooks) {
      const [delivery] = await until(
        () => deliveriesOf(inkwell, admin, webhook),
        ([first]) => typeof first?.last_error === 'string',
      );
      expect(delivery).toMatchObject({ state: 'pending', attempts: 1, last_status: null });
      expect(delivery!.last_error).toMatch(/not an address of the public Internet$/);
    }
    expect(receiver.received).toEqual([]);
  });
});
