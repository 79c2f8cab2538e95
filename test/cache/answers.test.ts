import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import {
  request as httpRequest,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { Loads, NOTES_TABLE, NotesModule } from './notes.js';

interface Raw {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

let inkwell: Inkwell;
let routed: Inkwell;
let loads: Loads;

const extras = { modules: [NotesModule], schema: [NOTES_TABLE] };

beforeAll(async () => {
  inkwell = await startInkwell(
    { REDIS_URL: '', ALLOWED_ORIGINS: 'https://reader.example', LOG_LEVEL: 'fatal' },
    extras,
  );
  routed = await startInkwell(
    {
      REDIS_URL: '',
      ALLOWED_ORIGINS: 'https://reader.example',
      CACHE_FRONT_DOOR: 'false',
      LOG_LEVEL: 'fatal',
    },
    extras,
  );
  loads = inkwell.app.get(Loads);
  const server = inkwell.app.getHttpServer() as Server;
  server.on('request', (_request, response: ServerResponse) => {
    waiting += 1;
    response.on('close', () => (waiting -= 1));
  });
});
afterAll(() => Promise.all([inkwell.close(), routed.close()]));

/** No decompression, no headers of its own: what is on the wire. */
function ask(on: Inkwell, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(on.url + path, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    request.on('error', reject).end();
  });
}

const put = (on: Inkwell, id: number, text: string): Promise<Response> =>
  fetch(`${on.url}/notes/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  });

/** Asks again until the compressed form, which is made off the hot path, is there. */
async function askUntilCoded(on: Inkwell, path: string, coding: string): Promise<Raw> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const answer = await ask(on, path, { 'accept-encoding': coding });
    if (answer.headers['content-encoding'] === coding) return answer;
  }
  throw new Error(`${path} was never answered in ${coding}`);
}

/** Requests that have arrived and are not answered. */
let waiting = 0;
const untilWaiting = async (count: number): Promise<void> => {
  while (waiting < count) await new Promise(setImmediate);
};

const ABOUT_CACHING = [
  'age',
  'cache-status',
  'connection',
  'date',
  'keep-alive',
  'x-request-id',
  'transfer-encoding',
];
const lasting = (headers: IncomingHttpHeaders): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !ABOUT_CACHING.includes(name))
      .sort(),
  );

beforeEach(async () => {
  loads.gate = Promise.resolve();
  for (const on of [inkwell, routed]) await put(on, 1, 'x'.repeat(3000));
  loads.count = 0;
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
    await put(inkwell, 7, 'now');
    expect((await ask(inkwell, '/notes/7')).status).toBe(200);
  });

  it('shows a change to the first request after its acknowledgement, and keeps what it did not touch', async () => {
    await put(inkwell, 2, 'other');
    await ask(inkwell, '/notes/1');
    await ask(inkwell, '/notes/2');
    loads.count = 0;
    for (let i = 0; i < 20; i += 1) {
      await put(inkwell, 1, `text ${i}`);
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
    while (loads.count === 0) await new Promise(setImmediate);
    loads.gate = Promise.resolve();
    await put(inkwell, 1, 'new');
    const newcomer = await ask(inkwell, '/notes/1');
    gate.resolve();
    expect((await slow).headers['cache-status']).toBe('inkwell; fwd=miss');
    expect(JSON.parse(newcomer.body.toString())).toEqual({ id: 1, text: 'new' });
    expect(JSON.parse((await ask(inkwell, '/notes/1')).body.toString())).toEqual({ id: 1, text: 'new' });
  });

  it('learns of a change that another process made', async () => {
    await ask(inkwell, '/notes/1');
    const { Client } = await import('pg');
    const client = new Client({ connectionString: inkwell.databaseUrl });
    await client.connect();
    await client.query(`BEGIN; UPDATE notes SET text = 'elsewhere' WHERE id = 1;
      INSERT INTO outbox (writer, event, payload, tags) VALUES (gen_random_uuid(), 'note.revised', '{}', '{note:1}');
      COMMIT; NOTIFY outbox`);
    await client.end();
    const deadline = Date.now() + 5_000;
    let text = '';
    while (text !== 'elsewhere' && Date.now() < deadline) {
      text = (JSON.parse((await ask(inkwell, '/notes/1')).body.toString()) as { text: string }).text;
    }
    expect(text).toBe('elsewhere');
  });
});

describe('the headers of a cached route', () => {
  const cases: [string, Record<string, string>, string][] = [
    ['GET', {}, 'GET'],
    ['HEAD', {}, 'HEAD'],
    ['GET with an Origin', { origin: 'https://reader.example' }, 'GET'],
    ['GET with another Origin', { origin: 'https://stranger.example' }, 'GET'],
  ];

  it.each(cases)(
    'are the same on a miss, a hit, a hit of the front door, and with the front door off: %s',
    async (_, headers, method) => {
      const miss = await ask(inkwell, '/notes/1', headers, method);
      const hits = [
        await ask(inkwell, '/notes/1', headers, method),
        await ask(inkwell, '/notes/1', headers, method),
      ];
      await ask(routed, '/notes/1', headers, method);
      const off = await ask(routed, '/notes/1', headers, method);
      for (const answer of [...hits, off]) {
        expect(lasting(answer.headers)).toEqual(lasting(miss.headers));
        expect(answer.status).toBe(200);
        expect(answer.body).toEqual(miss.body);
      }
    },
  );

  it('carry a request id, an age, and a cache status on every hit', async () => {
    for (let i = 0; i < 3; i += 1) await ask(inkwell, '/notes/1');
    const { headers } = await ask(inkwell, '/notes/1', { 'x-request-id': 'mine-1' });
    expect(headers).toMatchObject({
      'x-request-id': 'mine-1',
      'cache-status': 'inkwell; hit',
      age: expect.stringMatching(/^\d+$/),
    });
    const ids = [await ask(inkwell, '/notes/1'), await ask(inkwell, '/notes/1')].map(
      (answer) => answer.headers['x-request-id'],
    );
    expect(new Set(ids).size).toBe(2);
    expect(
      (await ask(inkwell, '/notes/1', { 'x-request-id': 'bad id\t' })).headers['x-request-id'],
    ).not.toContain('bad');
  });

  it.each(['br', 'gzip'])('and the bytes are right in %s, front door on and off', async (coding) => {
    const plain = await ask(inkwell, '/notes/1');
    const decode = coding === 'br' ? brotliDecompressSync : gunzipSync;
    const [coded, off] = [
      await askUntilCoded(inkwell, '/notes/1', coding),
      await askUntilCoded(routed, '/notes/1', coding),
    ];
    // Once more: now the front door has learnt it.
    const door = await ask(inkwell, '/notes/1', { 'accept-encoding': coding });
    for (const answer of [coded, off, door]) {
      expect(decode(answer.body)).toEqual(plain.body);
      expect(lasting(answer.headers)).toEqual(lasting(coded.headers));
      expect(answer.headers.etag).toBe(plain.headers.etag!.replace(/"$/, `-${coding}"`));
    }
    const { 'content-encoding': _, ...rest } = lasting(coded.headers);
    expect({ ...rest, etag: 0, 'content-length': 0 }).toEqual({
      ...lasting(plain.headers),
      etag: 0,
      'content-length': 0,
    });
  });

  it('are those of a 304 when the client has any representation, front door on and off', async () => {
    const plain = await ask(inkwell, '/notes/1');
    await ask(routed, '/notes/1');
    for (const on of [inkwell, inkwell, routed]) {
      for (const etag of [
        plain.headers.etag!,
        `W/${plain.headers.etag}`,
        `"other", ${plain.headers.etag}`,
        '*',
      ]) {
        const { status, headers, body } = await ask(on, '/notes/1', { 'if-none-match': etag });
        expect([status, body.length]).toEqual([304, 0]);
        const { 'content-type': _type, 'content-length': _length, ...expected } = lasting(plain.headers);
        expect(lasting(headers)).toEqual(expected);
      }
      expect((await ask(on, '/notes/1', { 'if-none-match': '"other"' })).status).toBe(200);
    }
  });

  it('never come with 200 for an invalid token, whatever is cached', async () => {
    for (let i = 0; i < 3; i += 1) await ask(inkwell, '/notes/1');
    for (const authorization of ['Bearer nonsense', 'Basic eDp5', 'Bearer', '']) {
      const { status } = await ask(inkwell, '/notes/1', { authorization });
      expect([authorization, status]).toEqual([authorization, 401]);
    }
  });
});
