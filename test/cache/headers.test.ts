import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { type Inkwell, LONG_LEASE, startInkwell } from '../support/start-inkwell.js';
import { ask, converse, lasting, type WireAnswer } from '../support/wire.js';
import { NOTES_TABLE, NotesModule, putNote } from './notes.js';

let inkwell: Inkwell;
let routed: Inkwell;

const extras = { modules: [NotesModule], schema: [NOTES_TABLE] };

beforeAll(async () => {
  inkwell = await startInkwell(
    { ...LONG_LEASE, REDIS_URL: '', ALLOWED_ORIGINS: 'https://reader.example', LOG_LEVEL: 'fatal' },
    extras,
  );
  routed = await startInkwell(
    {
      ...LONG_LEASE,
      REDIS_URL: '',
      ALLOWED_ORIGINS: 'https://reader.example',
      CACHE_FRONT_DOOR: 'false',
      LOG_LEVEL: 'fatal',
    },
    extras,
  );
});
afterAll(() => Promise.all([inkwell.close(), routed.close()]));

/** Repeats the request until the compressed form, which is made in the background, is there. */
async function askUntilCoded(on: Inkwell, path: string, coding: string): Promise<WireAnswer> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const answer = await ask(on, path, { 'accept-encoding': coding });
    if (answer.headers['content-encoding'] === coding) return answer;
  }
  throw new Error(`${path} was never answered in ${coding}`);
}

beforeEach(async () => {
  for (const on of [inkwell, routed]) await putNote(on.url, 1, 'x'.repeat(3000));
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
    // Once more, because the front door has learnt it now.
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

  /** The heads of answers without a body, one after the other, without what differs each time. */
  const headsIn = (text: string): string[][] =>
    text
      .split('\r\n\r\n')
      .slice(0, -1)
      .map((head) =>
        head
          .split('\r\n')
          .map((line) => line.replace(/^(age|date|x-request-id|cache-status):.*/i, '$1').toLowerCase())
          .sort(),
      );
  const requests = (method: string, path: string, last: string): string =>
    `${method} ${path} HTTP/1.1\r\nHost: h\r\n\r\n`.repeat(3) +
    `${method} ${path} ${last}\r\nHost: h\r\nConnection: close\r\n\r\n`;

  it('are on the wire what the router writes, also for requests sent at once and for the last one', async () => {
    for (const on of [inkwell, routed]) for (let i = 0; i < 3; i += 1) await ask(on, '/notes/1');
    for (const last of ['HTTP/1.1', 'HTTP/1.0']) {
      const [door, router] = await Promise.all(
        [inkwell, routed].map(async (on) => headsIn(await converse(on, requests('HEAD', '/notes/1', last)))),
      );
      expect(door).toEqual(router);
      expect(door).toHaveLength(4);
      expect(door![2]).toContain('connection: keep-alive');
      expect(door![3]).toContain('connection: close');
    }
  });
});
