import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { CacheTally } from '../../src/platform/cache/cache-tally.js';
import { type Account, registerAndLogin } from '../support/accounts.js';
import { ask, type WireAnswer } from '../support/wire.js';
import { putNote } from './notes.js';
import { type NotesOnRedis, startNotesOnRedis } from './notes-on-redis.js';

let notes: NotesOnRedis;
let client: NotesOnRedis['client'];
let inkwell: NotesOnRedis['inkwell'];
let ada: Account;

beforeAll(async () => {
  notes = await startNotesOnRedis();
  ({ client, inkwell } = notes);
  ada = await registerAndLogin(inkwell, 'ada');
});
afterAll(() => notes.stop());

const errors = (op: string): number => inkwell.app.get(CacheTally).errors.get(`redis/${op}`) ?? 0;

/** The key of an entry, once Redis has it. */
async function keyOf(pattern: string): Promise<string> {
  for (let i = 0; i < 500; i += 1) {
    const [key] = await client.keys(pattern);
    if (key !== undefined) return key;
    await sleep(10);
  }
  throw new Error(`Redis never had ${pattern}`);
}

/** Replaces bytes without changing the length. */
async function edit(key: string, change: (value: string) => string): Promise<void> {
  const before = (await client.getBuffer(key))!.toString('latin1');
  const after = change(before);
  expect(after).not.toBe(before);
  await client.set(key, Buffer.from(after, 'latin1'), 'KEEPTTL');
}

/** Repeats until the entry in Redis is read and refused, because a busy machine may have no lease at the moment. */
async function refused(op: string, request: () => Promise<WireAnswer>): Promise<WireAnswer> {
  const before = errors(op);
  for (let attempt = 0; attempt < 100; attempt += 1) {
    notes.forget();
    const answer = await request();
    // A refused entry has been replaced by now. Without a lease, it was not even read.
    if (errors(op) > before) return answer;
  }
  throw new Error('Nothing of Redis was refused');
}

const note = (path: string) => (): Promise<WireAnswer> => ask(inkwell, path);
const NOTE_1 = '*NotesController.get*"id",1*';
const LIST = '*NotesController.list*';

beforeEach(async () => {
  await client.flushall();
  for (const id of [1, 2]) await putNote(inkwell.url, id, `text of ${id}`);
  for (const path of ['/notes/1', '/notes/2', '/notes']) await ask(inkwell, path);
});
afterEach(() => void notes.forget());

describe('an answer in Redis', () => {
  it('of another key is a miss', async () => {
    const [one, two] = [await keyOf(NOTE_1), await keyOf(NOTE_1.replace('1', '2'))];
    await client.set(one, (await client.getBuffer(two))!, 'KEEPTTL');
    expect((await refused('verify', note('/notes/1'))).body.toString()).toContain('text of 1');
  });

  it('without its last bytes is a miss', async () => {
    await edit(await keyOf(NOTE_1), (value) => value.slice(0, -5));
    expect(JSON.parse((await refused('verify', note('/notes/1'))).body.toString())).toMatchObject({ id: 1 });
  });

  it('with a line end in a header is a miss, and sets no cookie', async () => {
    const link = '</notes>; rel=\\"next\\"';
    const cookie = 'a\\r\\nset-cookie: a=1';
    await edit(await keyOf(LIST), (value) => value.replace(link, cookie.padEnd(link.length, ' ')));
    const { status, headers } = await refused('verify', note('/notes'));
    expect([status, headers['set-cookie'], headers['link']]).toEqual([
      200,
      undefined,
      '</notes>; rel="next"',
    ]);
  });

  it('with another body is a miss', async () => {
    await edit(await keyOf(NOTE_1), (value) => value.replace('text of 1', 'text of 9'));
    expect((await refused('verify', note('/notes/1'))).body.toString()).toContain('text of 1');
  });
});

describe('a session in Redis', () => {
  const asAda = (path: string) => (): Promise<WireAnswer> =>
    ask(inkwell, path, { authorization: `Bearer ${ada.token}` });
  const FOR_ADMINS = '/api/cache/explain?path=/notes/1';
  let key: string;
  beforeEach(async () => {
    notes.forget();
    await asAda('/notes/1')();
    key = await keyOf('*session:*');
  });

  it('whose role was edited gives nobody that role', async () => {
    await edit(key, (value) => value.replace(/(role[\\]*":[\\]*")\w+/, '$1admin'));
    expect((await refused('verify', asAda(FOR_ADMINS))).status).toBe(403);
  });

  it('whose snapshot is none is a miss, and no 500', async () => {
    await edit(key, (value) => value.replace('xip', 'xiq'));
    notes.forget();
    expect((await asAda('/notes/1')()).status).toBe(200);
  });

  it.each([
    ['is empty', '""'],
    ['is no session', JSON.stringify('{"value":{"value":{},"provenance":1,"times":{}}}')],
    ['is of another form', JSON.stringify('{"value":"nonsense"}')],
  ])('that %s is a miss, and no 500', async (_, raw) => {
    await client.set(key, raw, 'KEEPTTL');
    for (let i = 0; i < 3; i += 1) {
      notes.forget();
      expect((await asAda('/notes/1')()).status).toBe(200);
    }
  });

  it('that its application has stored, but in another form, is a miss', async () => {
    const { ObjectCache } = await import('../../src/platform/cache/object-cache.js');
    const { z } = await import('zod');
    const objects = inkwell.app.get(ObjectCache);
    await client.flushall();
    notes.forget();
    const id = key.slice(key.lastIndexOf(':') + 1);
    const snapshot = '9000000:9000000:';
    const lookUp = () => Promise.resolve({ value: { role: 7 }, tags: [], snapshot });
    await objects.find({ cache: 'session', key: id, ttlSeconds: 60, schema: z.unknown(), lookUp });
    await keyOf('*session:*');
    expect((await refused('form', asAda('/notes/1'))).status).toBe(200);
  });

  it('that says how to run code runs none', async () => {
    const code = '_function_then|function then(settle) { globalThis.hasRun = true; settle(); }';
    await client.set(key, JSON.stringify({ then: code }), 'KEEPTTL');
    for (let i = 0; i < 3; i += 1) {
      notes.forget();
      expect((await asAda('/notes/1')()).status).toBe(200);
    }
    expect((globalThis as { hasRun?: boolean }).hasRun).toBeUndefined();
  });
});
