import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ApplicationConfig } from '@nestjs/core';
import { CacheInvalidator } from '../../src/platform/cache/cache-invalidator.js';
import { ResponsesInterceptor } from '../../src/platform/responses/responses.interceptor.js';
import { Problem } from '../../src/platform/errors/problem.js';
import { Lifecycle } from '../../src/platform/lifecycle/lifecycle.js';
import { runningTime } from '../../src/platform/resilience/running-time.js';
import { type Inkwell, LONG_LEASE, startInkwell } from '../support/start-inkwell.js';
import { ask, lasting, type WireAnswer } from '../support/wire.js';
import { Loads, NOTES_TABLE, NotesModule, putNote } from './notes.js';

/** The same application twice: `door` reads misses before its router, `routed` behind it. */
let door: Inkwell;
let routed: Inkwell;
const both = (): Inkwell[] => [door, routed];
const intercept = jest.spyOn(ResponsesInterceptor.prototype, 'intercept');

beforeAll(async () => {
  const extras = { modules: [NotesModule], schema: [NOTES_TABLE] };
  const environment = { ...LONG_LEASE, REDIS_URL: '', LOG_LEVEL: 'fatal' };
  door = await startInkwell(environment, extras);
  routed = await startInkwell({ ...environment, CACHE_FRONT_DOOR: 'false' }, extras);
});
afterAll(() => Promise.all([door.close(), routed.close()]));

const forget = (): void => both().forEach(({ app }) => void app.get(CacheInvalidator).clear());
const loadsOf = ({ app }: Inkwell): Loads => app.get(Loads);
const holdLoads = (gate: Promise<void>): void =>
  both().forEach((on) => Object.assign(loadsOf(on), { gate, count: 0, read: 0 }));

beforeEach(async () => {
  holdLoads(Promise.resolve());
  for (const on of both()) {
    await putNote(on.url, 1, 'one');
    await putNote(on.url, 2, 'two');
    // Lets the front door learn the URL and its headers.
    for (const path of ['/notes/1', '/notes']) await ask(on, path);
  }
  forget();
  intercept.mockClear();
});

const shown = ({ status, headers, body }: WireAnswer): unknown => {
  const text = body.toString().replace(/"request_id":"[^"]*"/, '"request_id":""');
  return [status, headers['cache-status'], lasting(headers), text];
};
/** @returns the answer of both, which must be the same */
async function askBoth(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<unknown> {
  const [fromDoor, fromRouter] = await Promise.all(both().map((on) => ask(on, path, headers, method)));
  expect(shown(fromDoor!)).toEqual(shown(fromRouter!));
  return shown(fromDoor!);
}
const requestsRouted = (): number => intercept.mock.calls.length;

describe('a miss before the router', () => {
  it.each(['/notes/1', '/notes'])('answers %s as the router does, without it', async (path) => {
    expect(await askBoth(path)).toEqual([
      200,
      'inkwell; fwd=miss; stored',
      expect.anything(),
      expect.anything(),
    ]);
    // One answer comes from the application without a front door.
    expect(requestsRouted()).toBe(1);
    forget();
    await askBoth(path, {}, 'HEAD');
    expect(requestsRouted()).toBe(2);
  });

  it('is a 304 to who has the answer already', async () => {
    const { etag } = (await ask(door, '/notes/1')).headers;
    forget();
    expect(await askBoth('/notes/1', { 'if-none-match': etag! })).toContain(304);
  });

  it('runs one load for all who ask at the moment, before the router and behind it', async () => {
    const gate = Promise.withResolvers<void>();
    holdLoads(gate.promise);
    const asked = Array.from({ length: 200 }, (_, i) =>
      ask(door, '/notes/1', i % 2 === 0 ? {} : { origin: 'https://stranger.example' }),
    );
    while (loadsOf(door).read === 0) await new Promise(setImmediate);
    gate.resolve();
    expect(new Set((await Promise.all(asked)).map(({ status }) => status))).toEqual(new Set([200]));
    expect(loadsOf(door).count).toBe(1);
  });

  it('leaves failures and absences to the router, without a second load', async () => {
    // A process starved of CPU would retry before it reports that the database cannot be reached.
    const begin = jest.spyOn(runningTime, 'begin');
    begin.mockReturnValue(() => ({ elapsedMs: 1, ranMs: 1, isStarved: false }));
    const failures = [
      new Error('broken'),
      new Problem({ code: 'service.unavailable', headers: { 'retry-after': '2' } }),
    ];
    for (const failure of failures) {
      const gate = Promise.reject<void>(failure);
      gate.catch(() => undefined);
      holdLoads(gate);
      expect(await askBoth('/notes/1')).toContain(failure instanceof Problem ? 503 : 500);
      expect(both().map((on) => loadsOf(on).count)).toEqual([1, 1]);
    }
    holdLoads(Promise.resolve());
    for (const on of both()) await fetch(`${on.url}/notes/1`, { method: 'DELETE' });
    expect(await askBoth('/notes/1')).toContain(404);
    expect(await askBoth('/notes/1')).toContain(404);
    expect(both().map((on) => loadsOf(on).count)).toEqual([1, 1]);
    begin.mockRestore();
  });

  it('is made for its request: outgoing calls pass on its id and its trace', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await askBoth('/notes/1', { 'x-request-id': 'mine', traceparent });
    for (const on of both()) expect(loadsOf(on).caller).toEqual({ 'x-request-id': 'mine', traceparent });
    forget();
    const { headers } = await ask(door, '/notes/1');
    expect(loadsOf(door).caller).toEqual({ 'x-request-id': headers['x-request-id'] });
  });

  it('has one id, also when it fails and the router writes the failure', async () => {
    const failure = Promise.reject<void>(new Error('broken'));
    failure.catch(() => undefined);
    holdLoads(failure);
    const { status, headers, body } = await ask(door, '/notes/1');
    const { request_id } = JSON.parse(body.toString()) as { request_id: string };
    expect([status, headers['x-request-id'], loadsOf(door).caller]).toEqual([
      500,
      request_id,
      { 'x-request-id': request_id },
    ]);
  });

  it('is left to the router while the process drains, which closes the connection', async () => {
    const gate = Promise.withResolvers<void>();
    holdLoads(gate.promise);
    const asked = ask(door, '/notes/1');
    while (loadsOf(door).read === 0) await new Promise(setImmediate);
    const lifecycle = door.app.get(Lifecycle);
    lifecycle.isDraining = true;
    gate.resolve();
    const { status, headers } = await asked;
    lifecycle.isDraining = false;
    expect([status, headers.connection]).toEqual([200, 'close']);
    expect(loadsOf(door).count).toBe(1);
  });

  it('passes by nothing that holds for every route but what it knows', () => {
    const config = door.app.get(ApplicationConfig);
    const namesOf = (all: readonly { constructor: { name: string } }[]): string[] =>
      all.map((each) => each.constructor.name);
    // The front door must handle a new kind of metadata as well.
    expect({
      guards: namesOf([...config.getGlobalGuards(), ...config.getGlobalRequestGuards().map(instanceOf)]),
      interceptors: namesOf([
        ...config.getGlobalInterceptors(),
        ...config.getGlobalRequestInterceptors().map(instanceOf),
      ]),
      pipes: namesOf([...config.getGlobalPipes(), ...config.getGlobalRequestPipes().map(instanceOf)]),
    }).toEqual({
      guards: ['DeclaredQueryGuard'],
      interceptors: ['ResponsesInterceptor'],
      pipes: ['StandardSchemaValidationPipe'],
    });
  });
});

const instanceOf = ({ instance }: { instance: { constructor: { name: string } } }) => instance;
