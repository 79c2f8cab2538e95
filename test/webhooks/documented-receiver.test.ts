import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { written } from '../blog/posts.js';
import { api } from '../support/api.js';
import { freePort } from '../support/redis-server.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { administrator, deliveriesOf, made } from './hooks.js';
import { until } from './receiver.js';

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;

/** The code block of docs/webhooks.md. */
const documented = (): string => /```js\n(.*?)```/s.exec(readFileSync('docs/webhooks.md', 'utf8'))![1]!;

let inkwell: Inkwell;
let receiver: ChildProcess;
let output = '';
let url: string;

function listen(port: number, secret: string): ChildProcess {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', documented()], {
    env: { PORT: String(port), WEBHOOK_SECRET: secret },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return child;
}

beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}/`;
  inkwell = await startInkwell({ WEBHOOKS_ALLOW_PRIVATE: 'true' });
  receiver = listen(port, SECRET);
  await until(
    () =>
      fetch(url, { method: 'POST' }).then(
        ({ status }) => status,
        () => 0,
      ),
    (status) => status === 401,
  );
});
afterAll(async () => {
  const ended = once(receiver, 'close');
  receiver.kill();
  await ended;
  await inkwell.close();
});

function send(changes: { body?: string; secret?: string; timestamp?: number } = {}): Promise<number> {
  const [id, timestamp] = ['evt_1', changes.timestamp ?? Math.floor(Date.now() / 1000)];
  const body = '{"id":"evt_1","type":"post.published","data":{}}';
  const key = Buffer.from((changes.secret ?? SECRET).slice(6), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': `v1,AAAA v1,${signature}`,
  };
  return fetch(url, { method: 'POST', headers, body: changes.body ?? body }).then(({ status }) => status);
}

describe('the receiver of docs/webhooks.md', () => {
  it('takes what Inkwell sends', async () => {
    const admin = await administrator(inkwell);
    const { id } = await made(inkwell, admin, url);
    // The receiver has a secret of its own, which is given to the webhook.
    const { body } = await api(inkwell).post<{ id: number; secret: string }>(
      '/api/webhooks',
      { url, events: ['post.published'], secret: SECRET },
      admin.token,
    );
    expect(body.secret).toBe(SECRET);
    await written(inkwell, admin, { title: 'Genuine' });
    await until(
      () => output,
      (text) => text.includes('Genuine'),
    );
    expect(output).toMatch(/^post\.published \{"post":\{.*"title":"Genuine"/m);
    // The other one signs with another secret.
    const [refused] = await until(
      () => deliveriesOf(inkwell, admin, { id } as never),
      ([delivery]) => delivery?.last_status !== null,
    );
    expect(refused).toMatchObject({ state: 'pending', last_status: 401 });
  });

  it('refuses what somebody else made, changed or kept', async () => {
    expect(await send()).toBe(204);
    expect(await send({ body: '{"id":"evt_1","type":"post.removed","data":{}}' })).toBe(401);
    expect(await send({ secret: `whsec_${Buffer.alloc(32, 2).toString('base64')}` })).toBe(401);
    expect(await send({ timestamp: Math.floor(Date.now() / 1000) - 600 })).toBe(401);
  });

  it('ignores what comes a second time', async () => {
    output = '';
    expect(await send()).toBe(204);
    expect(await send()).toBe(204);
    expect(output).toBe('');
  });
});
