import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { PurgeApiServer } from '../cdn/purge-api-server.js';
import { Receiver } from '../webhooks/receiver.js';
import { type Account, login, register } from '../support/accounts.js';
import { api } from '../support/api.js';
import { ServerProcess } from '../support/server-process.js';
import { createTestDatabase, query } from '../support/test-database.js';

const PURGE_TOKEN = 'purge-token-that-no-log-may-show-0123456789';
const SIGNING_KEY = 'the-signing-key-that-no-log-may-show-0123456789';
const FORGED = '{"level":"fatal","msg":"forged"}';
const PATIENCE_MS = 120_000;

let database: { url: string; drop: () => Promise<void> };
/** Repeats the token that it refuses, and tries to start a line of its own. */
let cdn: PurgeApiServer;
let receiver: Receiver;
let server: ServerProcess;
let admin: Account;
let url: string;

beforeAll(async () => {
  database = await createTestDatabase();
  cdn = await PurgeApiServer.start(({ headers }) => ({
    status: 403,
    body: `Not with ${headers.authorization ?? ''} or ${PURGE_TOKEN}\n${FORGED}\n`,
  }));
  receiver = await Receiver.start();
  receiver.reply =
    ({ headers }) =>
    (response) => {
      response.writeHead(500).end(`Not with ${JSON.stringify(headers)}\n${FORGED}\n`);
    };
  server = ServerProcess.start({
    // WEBHOOKS_ALLOW_PRIVATE allows plain http outside of production only. The log differs in its format only.
    LOG_LEVEL: 'debug',
    DATABASE_URL: database.url,
    AUTH_SECRET: SIGNING_KEY,
    WEBHOOKS_ALLOW_PRIVATE: 'true',
    CDN_PURGE_PROVIDER: 'generic',
    CDN_PURGE_URL: `${cdn.url}/purge`,
    CDN_PURGE_TOKEN: PURGE_TOKEN,
    WELCOME: 'false',
  });
  url = await server.address();
  const id = await register({ url }, 'ada');
  await query(database.url, `UPDATE users SET role = 'admin' WHERE username = 'ada'`);
  admin = { id, username: 'ada', ...(await login({ url }, 'ada')) };
}, PATIENCE_MS);
afterAll(async () => {
  server.signal('SIGKILL');
  await server.ended();
  receiver.close();
  cdn.close();
  await database.drop();
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(50);
}

describe('the log of a server whose CDN and whose webhook refuse it', () => {
  it(
    'says that they did, shows no secret that was sent to them, and no line that they wrote',
    async () => {
      const { post } = api({ url });
      const hook = { url: receiver.url, events: ['post.published'] };
      const { status, body } = await post('/api/webhooks', hook, admin.token);
      expect(status).toBe(201);
      await post('/blog/api/posts', { title: 'Told', content: 'To everybody.' }, admin.token);
      await until(() => receiver.received.length > 0 && cdn.calls.length > 0);
      await until(() => server.output.includes('The CDN did not purge'));
      expect(server.output).toMatch(/The CDN did not purge.*403.*\[hidden\]/);
      const signatures = receiver.received.map(({ headers }) => String(headers['webhook-signature']));
      const secrets = [PURGE_TOKEN, SIGNING_KEY, String(body['secret']), admin.token, ...signatures];
      for (const secret of secrets) {
        expect(secret.length).toBeGreaterThan(20);
        expect(server.output).not.toContain(secret);
      }
      expect(server.output.split('\n').filter((line) => line.trimStart().startsWith('{'))).toEqual([]);
    },
    PATIENCE_MS,
  );
});
