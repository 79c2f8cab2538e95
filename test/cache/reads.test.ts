import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { query } from '../support/test-database.js';
import { type Inkwell, LONG_LEASE, startInkwell } from '../support/start-inkwell.js';
import { ask } from '../support/wire.js';
import { Loads, NOTES_TABLE, NotesModule, putNote } from './notes.js';

let inkwell: Inkwell;
let loads: Loads;
/** Requests that have arrived but are not answered. */
let waiting = 0;

beforeAll(async () => {
  inkwell = await startInkwell(
    { ...LONG_LEASE, REDIS_URL: '', LOG_LEVEL: 'fatal' },
    { modules: [NotesModule], schema: [NOTES_TABLE] },
  );
  loads = inkwell.app.get(Loads);
  const server = inkwell.app.getHttpServer();
  server.on('request', (_request, response: ServerResponse) => {
    waiting += 1;
    response.on('close', () => (waiting -= 1));
  });
});
afterAll(() => inkwell.close());

const untilWaiting = async (count: number): Promise<void> => {
  while (waiting < count) await new Promise(setImmediate);
};

beforeEach(async () => {
  loads.gate = Promise.resolve();
  await putNote(inkwell.url, 1, 'x'.repeat(3000));
  loads.count = 0;
  loads.read = 0;
});

describe('a cached route', () => {
  it('runs its handler once, and then answers without it', async () => {
    const [miss, hit, door] = [
      await ask(inkwell, '/notes/1'),
      await ask(inkwell, '/notes/1'),
      await ask(inkwell, '/notes/1'),
    ];
    expect(miss.headers['cache-status']).toBe('inkwell; fwd=miss; stored');
    expect([hit, door].map((answer) => answer.headers['cache-status'])).toEqual([
      'inkwell; hit',
      'inkwell; hit',
    ]);
    expect(hit.body).toEqual(miss.body);
    expect(loads.count).toBe(1);
  });

  it('takes different spellings of the same query as one', async () => {
    for (const query of ['', '?limit=20', '?order=asc&limit=20', '?limit=%32%30'])
      await ask(inkwell, `/notes${query}`);
    expect(loads.count).toBe(1);
  });

  it('refuses a query it does not declare, however often, and stores nothing of it', async () => {
    await ask(inkwell, '/notes');
    for (let i = 0; i < 5; i += 1) expect((await ask(inkwell, `/notes?x=${i}`)).status).toBe(400);
    expect(loads.count).toBe(1);
  });

  it('runs one load for a thousand requests at once on a cold key', async () => {
    const gate = Promise.withResolvers<void>();
    loads.gate = gate.promise;
    const asked = Array.from({ length: 1000 }, () => fetch(`${inkwell.url}/notes/1`).then((r) => r.text()));
    await untilWaiting(1000);
    gate.resolve();
    expect(new Set(await Promise.all(asked)).size).toBe(1);
    expect(loads.count).toBe(1);
  });

  it('makes at most two loads for a thousand requests whose load fails, answers them all, and recovers', async () => {
    const gate = Promise.withResolvers<void>();
    loads.gate = gate.promise;
    const asked = Array.from({ length: 1000 }, () => fetch(`${inkwell.url}/notes/1`).then((r) => r.status));
    await untilWaiting(1000);
    gate.reject(new Error('broken'));
    expect(new Set(await Promise.all(asked))).toEqual(new Set([500]));
    expect(loads.count).toBeLessThanOrEqual(2);
    loads.gate = Promise.resolve();
    expect((await ask(inkwell, '/notes/1')).status).toBe(200);
  });

  it('remembers that something does not exist, until it does', async () => {
    await fetch(`${inkwell.url}/notes/7`, { method: 'DELETE' });
    loads.count = 0;
    for (let i = 0; i < 3; i += 1) expect((await ask(inkwell, '/notes/7')).status).toBe(404);
    expect(loads.count).toBe(1);
    const ids = new Set<unknown>();
    for (let i = 0; i < 2; i += 1)
      ids.add(
        (JSON.parse((await ask(inkwell, '/notes/7')).body.toString()) as { request_id: string }).request_id,
      );
    expect(ids.size).toBe(2);
    await putNote(inkwell.url, 7, 'now');
    expect((await ask(inkwell, '/notes/7')).status).toBe(200);
  });

  it('shows a change to the first request after its acknowledgement, and keeps what it did not touch', async () => {
    await putNote(inkwell.url, 2, 'other');
    await ask(inkwell, '/notes/1');
    await ask(inkwell, '/notes/2');
    loads.count = 0;
    for (let i = 0; i < 20; i += 1) {
      await putNote(inkwell.url, 1, `text ${i}`);
      expect(JSON.parse((await ask(inkwell, '/notes/1')).body.toString())).toEqual({
        id: 1,
        text: `text ${i}`,
      });
    }
    await ask(inkwell, '/notes/2');
    expect(loads.count).toBe(20);
  });

  it('does not store a load that a write overtook, and lets nobody newer join it', async () => {
    const gate = Promise.withResolvers<void>();
    loads.gate = gate.promise;
    const slow = ask(inkwell, '/notes/1');
    while (loads.read === 0) await new Promise(setImmediate);
    loads.gate = Promise.resolve();
    await putNote(inkwell.url, 1, 'new');
    const newcomer = await ask(inkwell, '/notes/1');
    gate.resolve();
    expect((await slow).headers['cache-status']).toBe('inkwell; fwd=miss');
    expect(JSON.parse(newcomer.body.toString())).toEqual({ id: 1, text: 'new' });
    expect(JSON.parse((await ask(inkwell, '/notes/1')).body.toString())).toEqual({ id: 1, text: 'new' });
  });

  it('learns of a change that another process made', async () => {
    await ask(inkwell, '/notes/1');
    await query(
      inkwell.databaseUrl,
      `BEGIN; UPDATE notes SET text = 'elsewhere' WHERE id = 1;
      INSERT INTO outbox (writer, event, payload, tags) VALUES (gen_random_uuid(), 'note.revised', '{}', '{note:1}');
      COMMIT; NOTIFY outbox`,
    );
    const deadline = Date.now() + 5_000;
    let text = '';
    while (text !== 'elsewhere' && Date.now() < deadline) {
      text = (JSON.parse((await ask(inkwell, '/notes/1')).body.toString()) as { text: string }).text;
    }
    expect(text).toBe('elsewhere');
  });
});
