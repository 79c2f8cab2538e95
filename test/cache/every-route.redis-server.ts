import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ModulesContainer } from '@nestjs/core';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { CACHE_DECLARATION } from '../../src/platform/responses/cached.decorator.js';
import { written } from '../blog/posts.js';
import { type Account, login, promote, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { lasting, type WireAnswer } from '../support/wire.js';
import { type Case, ORIGIN, WAYS, Ways, ways } from './ways.js';

/** The requests of this test for every handler with @Cached. Each answer is large enough to be compressed. */
const PATHS: Readonly<Record<string, readonly string[]>> = {
  'CategoriesController.list': ['/blog/api/categories'],
  'SettingsController.show': ['/api/site'],
  'PostsController.get': ['/blog/api/posts/long', '/blog/api/posts/1'],
  'PostsController.list': ['/blog/api/posts', '/blog/api/posts?limit=10&category=general'],
  'SiteController.categories': ['/blog/categories'],
  'SiteController.list': ['/blog/', '/blog/?category=general&utm_source=elsewhere'],
  'SiteController.post': ['/blog/posts/long'],
  'TagsController.list': ['/blog/api/tags', '/blog/api/tags?limit=28'],
  'UsersController.profile': ['/api/users/ada', '/api/users/1'],
};
const ABSENT = [
  '/blog/api/posts/none',
  '/blog/api/posts/999',
  '/blog/posts/none',
  '/api/users/nobody-1',
  '/api/users/999',
];
const ORIGINS = [undefined, ORIGIN, 'https://stranger.example'];
const DECODE = { br: brotliDecompressSync, gzip: gunzipSync };
const NOTHING = Buffer.alloc(0);

const withOrigins = (paths: readonly string[]): Case[] =>
  paths.flatMap((path) => ORIGINS.map((origin) => ({ path, origin })));

let on: Ways;
let ada: Account;
beforeAll(async () => {
  on = await Ways.start();
  ada = await registerAndLogin(on.inkwell, 'ada');
  await api(on.inkwell).patch(`/api/users/${ada.id}`, { bio: 'Wrote this. '.repeat(150) }, ada.token);
  await promote(on.inkwell, 'ada', 'admin');
  await api(on.inkwell).patch('/api/site', { footer: 'A long note. '.repeat(76) }, ada.token);
  await promote(on.inkwell, 'ada', 'author');
  await written(on.inkwell, ada, { slug: 'long', content: 'A long text. '.repeat(200) });
  for (let i = 0; i < 15; i += 1) {
    await written(on.inkwell, ada, {
      category_name: `Category number ${i}`,
      tags: [`Tag number ${i}`, `Tag number ${i} again`],
    });
    await written(on.inkwell, ada);
  }
});
afterAll(() => on.close());

interface Expected {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: Buffer;
}

async function expectEveryWay(each: Case, expected: Expected): Promise<void> {
  for (const way of ways) {
    const { status, headers, body } = await on.answerBy(way, each);
    expect([way, status, headers['cache-status']]).toEqual([way, expected.status, WAYS[way]]);
    expect([way, lasting(headers)]).toEqual([way, expected.headers]);
    expect(body).toEqual(expected.body);
    expect(headers).toMatchObject({
      age: expect.stringMatching(/^\d+$/),
      'x-request-id': expect.any(String),
    });
  }
}

const without = (headers: Record<string, unknown>, ...names: string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));

/** Handlers with @Cached in every module, as `Controller.handler`. */
function cachedHandlers(): string[] {
  const modules = [...on.inkwell.app.get(ModulesContainer).values()];
  const controllers = modules.flatMap((module) => [...module.controllers.values()]);
  const names = controllers.flatMap(({ metatype }) => {
    const { name, prototype } = metatype as { name: string; prototype: Record<string, unknown> };
    return Object.getOwnPropertyNames(prototype)
      .map((handler) => [handler, prototype[handler]] as const)
      .filter(([, value]) => typeof value === 'function' && Reflect.hasMetadata(CACHE_DECLARATION, value))
      .map(([handler]) => `${name}.${handler}`);
  });
  return [...new Set(names)].sort();
}

describe('every cached route', () => {
  it('is tested here', () => {
    expect(cachedHandlers()).toEqual(Object.keys(PATHS).sort());
  });
});

describe.each(withOrigins(Object.values(PATHS).flat()))('GET $path with Origin $origin', (each) => {
  /** The answer without any of the caches under test. */
  const plain = (): Promise<WireAnswer> => on.ask(on.routed, each);

  it('has the same headers and bytes on a miss and on a hit of every tier, front door on and off', async () => {
    await on.forget();
    const { status, headers, body } = await plain();
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      etag: expect.stringMatching(/^"[\w-]+"$/),
      'cache-control': 'public, no-cache',
      vary: expect.stringMatching(/Accept-Encoding$/),
      'content-length': String(body.length),
    });
    await expectEveryWay(each, { status, headers: lasting(headers), body });
  });

  it('has the headers of GET on HEAD', async () => {
    const headers = lasting((await plain()).headers);
    await expectEveryWay({ ...each, method: 'HEAD' }, { status: 200, headers, body: NOTHING });
  });

  it('is 304 with the headers of 200 when the client has it', async () => {
    const { headers } = await plain();
    const conditional = { ...each, headers: { 'if-none-match': `"other", ${headers.etag}` } };
    const expected = without(lasting(headers), 'content-type', 'content-length');
    await expectEveryWay(conditional, { status: 304, headers: expected, body: NOTHING });
  });

  it.each(['br', 'gzip'] as const)(
    'has the same headers and bytes in %s, whichever tier it came from',
    async (coding) => {
      const { headers, body } = await plain();
      const coded = { ...each, headers: { 'accept-encoding': coding } };
      await on.forget();
      // The compressed form is made after the first request for it was answered.
      const first = await on.ask(on.inkwell, coded);
      expect(lasting(first.headers)).toEqual(lasting(headers));
      const answers = [
        await on.untilCoded(on.inkwell, coded, coding),
        await on.answerBy('front door', coded),
        await on.keepInRedisOnly(each).then(() => on.untilCoded(on.inkwell, coded, coding)),
        await on.untilCoded(on.routed, coded, coding),
      ];
      const expected = {
        ...lasting(headers),
        'content-encoding': coding,
        'content-length': String(answers[0]!.body.length),
        etag: headers.etag!.replace(/"$/, `-${coding}"`),
      };
      for (const answer of answers) {
        expect(lasting(answer.headers)).toEqual(expected);
        expect(DECODE[coding](answer.body)).toEqual(body);
      }
      const notModified = without(expected, 'content-type', 'content-length', 'content-encoding');
      for (const server of [on.inkwell, on.routed]) {
        expect(lasting((await on.ask(server, { ...coded, method: 'HEAD' })).headers)).toEqual(expected);
        const conditional = { ...coded, headers: { ...coded.headers, 'if-none-match': expected.etag } };
        const known = await on.ask(server, conditional);
        expect([known.status, lasting(known.headers)]).toEqual([304, notModified]);
      }
    },
  );

  it('is the same to a valid token, for its bearer alone, and public to the next reader', async () => {
    const { headers, body } = await plain();
    const bearer = { ...each, headers: { authorization: `Bearer ${ada.token}` } };
    const expected = { ...lasting(headers), 'cache-control': 'private, no-store' };
    await expectEveryWay(bearer, { status: 200, headers: expected, body });
    await on.forget();
    for (const server of [on.inkwell, on.routed]) {
      await on.ask(server, bearer);
      for (let i = 0; i < 3; i += 1)
        expect(lasting((await on.ask(server, each)).headers)).toEqual(lasting(headers));
    }
  });

  it('is never 200 to an invalid token, whatever is cached', async () => {
    const { token } = await login(on.inkwell, 'ada');
    await api(on.inkwell).post('/api/logout', undefined, token);
    const [head, payload] = token.split('.');
    const forged = `Bearer ${head}.${payload}.x`;
    for (const authorization of ['Bearer nonsense', forged, `Bearer ${token}`, 'Basic eDp5', 'Bearer', '']) {
      for (const way of ways) {
        const { status } = await on.answerBy(way, { ...each, headers: { authorization } });
        expect([way, authorization, status]).toEqual([way, authorization, 401]);
      }
    }
  });
});

describe.each(withOrigins(ABSENT))('GET $path, which is not there, with Origin $origin', (each) => {
  it.each(['GET', 'HEAD'])(
    'is the same 404 the first time and later, front door on and off: %s',
    async (method) => {
      const told = { ...each, method, headers: { 'x-request-id': 'told' } };
      await on.forget();
      const first = await on.ask(on.inkwell, told);
      expect([first.status, first.headers['cache-control']]).toEqual([404, 'no-store']);
      for (const server of [on.inkwell, on.inkwell, on.routed, on.routed]) {
        const { status, headers, body } = await on.ask(server, told);
        expect([status, lasting(headers), body]).toEqual([404, lasting(first.headers), first.body]);
      }
    },
  );

  it.each(['present', 'nonsense'])('answers to a token that is %s as anywhere', async (token) => {
    const authorization = `Bearer ${token === 'present' ? ada.token : token}`;
    const { status } = await on.ask(on.inkwell, { ...each, headers: { authorization } });
    expect(status).toBe(token === 'present' ? 404 : 401);
  });
});
