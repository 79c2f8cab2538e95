import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { written } from '../blog/posts.js';
import { type Account, login, registerAndLogin } from '../support/accounts.js';
import { runInkwell } from '../support/run-inkwell.js';
import { ServerProcess } from '../support/server-process.js';
import { redisUrl } from '../support/start-inkwell.js';
import { createTestDatabase, query } from '../support/test-database.js';
import { letPass, made } from './hooks.js';
import { type Received, Receiver, until } from './receiver.js';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let environment: Record<string, string>;
let receiver: Receiver;
let servers: ServerProcess[] = [];

async function start(): Promise<{ server: ServerProcess; url: string }> {
  const server = ServerProcess.start(environment);
  servers.push(server);
  return { server, url: await server.address() };
}

async function kill(server: ServerProcess): Promise<void> {
  server.signal('SIGKILL');
  await server.ended();
  servers = servers.filter((each) => each !== server);
}

async function administrator(url: string): Promise<Account> {
  const account = await registerAndLogin({ url }, 'ada');
  expect((await runInkwell(['user', 'promote', 'ada', '--role', 'admin'], environment)).code).toBe(0);
  return account;
}

const titles = (): unknown[] => receiver.accepted.map(({ body }) => body.data.post?.title);
/** All deliveries of it. A delivery that an earlier server was sending when it was killed arrives again. */
const sent = (title: string): Received[] =>
  receiver.received.filter(({ body }) => body.data.post?.title === title);

beforeAll(async () => {
  database = await createTestDatabase();
  environment = {
    NODE_ENV: 'test',
    DATABASE_URL: database.url,
    DATABASE_POOL_MIN: '1',
    DATABASE_POOL_MAX: '10',
    REDIS_URL: redisUrl(),
    AUTH_SECRET: 'the-signing-key-of-the-tests-0123456789',
    WEBHOOKS_ALLOW_PRIVATE: 'true',
    WELCOME: 'false',
  };
  receiver = await Receiver.start();
});
afterAll(async () => {
  for (const server of servers) await kill(server);
  receiver.close();
  await database.drop();
});

describe('a server that is killed', () => {
  it('between a commit and its delivery loses nothing: the next one delivers it', async () => {
    const { server, url } = await start();
    const ada = await administrator(url);
    await made({ url }, ada, receiver.url, ['post.published', 'post.revised']);
    receiver.reply = () => () => undefined;
    const changes = Array.from({ length: 20 }, (_, index) => `Post ${index}`);
    const writing = Promise.all(
      changes.map((title) => written({ url }, ada, { title }).catch(() => undefined)),
    );
    await until(
      () => query<{ id: number }>(database.url, 'SELECT id FROM posts'),
      ({ length }) => length >= 5,
    );
    await kill(server);
    await writing;
    const committed = await query<{ title: string }>(database.url, 'SELECT title FROM posts ORDER BY title');
    expect(receiver.accepted).toEqual([]);
    receiver.reply = () => 204;
    const second = await start();
    // Deliveries of the killed process stay leased for some seconds.
    await letPass(database.url, 60);
    await until(
      () => new Set(titles()).size,
      (size) => size === committed.length,
    );
    expect([...new Set(titles())].sort()).toEqual(committed.map(({ title }) => title));
    // A delivery that arrived twice has the same id both times.
    expect(new Set(receiver.accepted.map(({ body }) => body.id)).size).toBe(committed.length);
    await kill(second.server);
  });

  it('in the middle of a delivery leaves it to another, which sends it under the same id', async () => {
    const [{ server, url }] = [await start()];
    const ada = { ...(await login({ url }, 'ada')), id: 1, username: 'ada' };
    receiver.received.length = 0;
    receiver.reply = () => () => undefined;
    await written({ url }, ada, { title: 'Interrupted' });
    await until(
      () => sent('Interrupted').length,
      (count) => count === 1,
    );
    await kill(server);
    receiver.reply = () => 204;
    await start();
    await letPass(database.url, 60);
    await until(titles, (all) => all.includes('Interrupted'));
    const [first, second] = sent('Interrupted');
    expect(second!.body.id).toBe(first!.body.id);
    expect(second!.text).toBe(first!.text);
  });

  it('is replaced by several, of which one sends each delivery', async () => {
    const [one, two] = [await start(), await start()];
    const ada = { ...(await login(one, 'ada')), id: 1, username: 'ada' };
    receiver.received.length = 0;
    receiver.reply = () => (response) => setTimeout(() => response.writeHead(204).end(), 30);
    const all = Array.from({ length: 60 }, (_, index) => `Shared ${index}`);
    await Promise.all(all.map((title, index) => written(index % 2 === 0 ? one : two, ada, { title })));
    await until(
      () => query<{ id: string }>(database.url, `SELECT id FROM webhook_deliveries WHERE state = 'pending'`),
      (pending) => pending.length === 0,
    );
    const shared = receiver.received
      .map(({ body }) => `${body.data.post?.title}`)
      .filter((title) => all.includes(title));
    expect(shared.sort()).toEqual(all.sort());
  });
});

describe('a server that is stopped', () => {
  it('cuts a delivery that takes too long, exits, and the next one sends it', async () => {
    for (const server of servers) await kill(server);
    const { server, url } = await start();
    const ada = { ...(await login({ url }, 'ada')), id: 1, username: 'ada' };
    receiver.received.length = 0;
    receiver.reply = () => () => undefined;
    await written({ url }, ada, { title: 'Cut' });
    await until(
      () => sent('Cut').length,
      (count) => count === 1,
    );
    server.signal('SIGTERM');
    expect(await server.ended()).toBe(0);
    const [row] = await query(
      database.url,
      `SELECT state, attempts, lease FROM webhook_deliveries ORDER BY id DESC LIMIT 1`,
    );
    expect(row).toEqual({ state: 'pending', attempts: 0, lease: null });
    receiver.reply = () => 204;
    await start();
    await letPass(database.url, 10);
    await until(titles, (all) => all.includes('Cut'));
  });
});
