import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { PASSWORD, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import { untilHits } from '../support/hits.js';
import { ServerProcess } from '../support/server-process.js';
import { redisUrl } from '../support/start-inkwell.js';
import { createTestDatabase } from '../support/test-database.js';
import { ask } from '../support/wire.js';
import { LoadedModules } from './loaded-modules.js';
import { OtlpReceiver, type ReceivedSpan } from './otlp-receiver.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const HTTP = '@opentelemetry/instrumentation-http';
const PG = '@opentelemetry/instrumentation-pg';
const IOREDIS = '@opentelemetry/instrumentation-ioredis';
const SDK = [/^@opentelemetry\/(?!api$|api-)/, /^(import|require)-in-the-middle$/];
/** The dependency of prom-client for exemplars. */
const API = '@opentelemetry/api';
const PATIENCE_MS = 60_000;

type Line = Readonly<Record<string, unknown>>;

let database: { url: string; drop: () => Promise<void> };
let receiver: OtlpReceiver;
beforeAll(async () => {
  database = await createTestDatabase();
  receiver = await OtlpReceiver.start();
});
afterAll(async () => {
  receiver.stop();
  await database.drop();
});

const start = (environment: Readonly<Record<string, string>>): ServerProcess =>
  ServerProcess.start({
    NODE_ENV: 'production',
    DATABASE_URL: database.url,
    REDIS_URL: redisUrl(),
    AUTH_SECRET: 'the-signing-key-of-the-tests-0123456789',
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    ...environment,
  });

async function until<T>(what: string, found: () => T | undefined): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const it = found();
    if (it !== undefined) return it;
    if (Date.now() > deadline) throw new Error(`Not within ${PATIENCE_MS / 1000} s: ${what}`);
    await sleep(50);
  }
}

/** The log line of a request, which is written in the background. */
const lineOf = (server: ServerProcess, id: string): Promise<Line> =>
  until(`the line of ${id}`, () =>
    server.output
      .split('\n')
      .filter((line) => line.includes(`"request_id":"${id}"`))
      .map((line) => JSON.parse(line) as Line)
      .find(({ msg }) => msg === 'request'),
  );

/** The span of a request, once it has arrived. */
const requestSpan = (traceId: unknown): Promise<ReceivedSpan> =>
  until(`the span of ${String(traceId)}`, () =>
    receiver.spans.find((span) => span.scope === HTTP && span.traceId === traceId),
  );

const isOfSdk = (name: string): boolean => SDK.some((pattern) => pattern.test(name));

describe('node --import ./dist/traces.js dist/main.js', () => {
  const loaded = new LoadedModules();
  let server: ServerProcess;
  let url: string;
  beforeAll(async () => {
    server = start({ NODE_OPTIONS: `${loaded.nodeOptions} --import ./dist/traces.js` });
    url = await server.address();
  }, PATIENCE_MS);
  afterAll(async () => {
    server.signal('SIGKILL');
    await server.ended();
    loaded.forget();
  });

  it('sends a span of each request, with its route, whose trace id is that of its line in the log', async () => {
    await ask({ url }, '/blog/api/posts/no-such-post?q=private', { 'x-request-id': 'begins' });
    const line = await lineOf(server, 'begins');
    expect(line['trace_id']).toMatch(/^[\da-f]{32}$/);
    expect(await requestSpan(line['trace_id'])).toMatchObject({
      service: 'inkwell',
      name: 'GET /blog/api/posts/:id',
      parentSpanId: undefined,
      attributes: { 'http.route': line['route'] },
    });
    expect(line['route']).toBe('/blog/api/posts/:id');
  });

  it('continues the trace that comes with a request', async () => {
    const traceparent = `00-${TRACE}-${PARENT}-01`;
    await ask({ url }, '/blog/api/posts?limit=7', { 'x-request-id': 'continued', traceparent });
    expect(await lineOf(server, 'continued')).toMatchObject({ trace_id: TRACE });
    expect(await requestSpan(TRACE)).toMatchObject({ name: 'GET /blog/api/posts', parentSpanId: PARENT });
  });

  it('sends the statements of a request within it, without their values', async () => {
    const ada = await registerAndLogin({ url }, 'ada');
    const { status } = await api({ url }).post(
      '/blog/api/posts',
      { title: 'Traced', content: 'A secret draft.', status: 'draft' },
      ada.token,
      { 'x-request-id': 'writes' },
    );
    expect(status).toBe(201);
    const { trace_id: traceId } = await lineOf(server, 'writes');
    const root = await requestSpan(traceId);
    expect(root.name).toBe('POST /blog/api/posts');
    const statement = await until('the statement that inserts the post', () =>
      receiver.spans.find(
        (span) =>
          span.scope === PG && span.traceId === traceId && JSON.stringify(span).includes('INSERT INTO'),
      ),
    );
    expect(statement.parentSpanId).toBeDefined();
    for (const secret of [ada.token, PASSWORD, 'A secret draft.', new URL(database.url).password])
      expect(receiver.text).not.toContain(secret);
  });

  it('sends the commands of Redis within their request', async () => {
    await ask({ url }, '/blog/api/posts?limit=9', { 'x-request-id': 'cached' });
    const { trace_id: traceId } = await lineOf(server, 'cached');
    const command = await until('a command of Redis', () =>
      receiver.spans.find((span) => span.scope === IOREDIS && span.traceId === traceId),
    );
    expect(command.parentSpanId).toBeDefined();
  });

  it('sends a span of a hit before the router too, without its route', async () => {
    let asked = 0x5000;
    const traceIdNow = (): string => TRACE.slice(0, -4) + asked.toString(16);
    // The router may answer the first hit; the front door learns from that.
    await untilHits(() => {
      asked += 1;
      return ask({ url }, '/blog/api/categories', { traceparent: `00-${traceIdNow()}-${PARENT}-01` });
    }, 2);
    const traceId = traceIdNow();
    expect(await requestSpan(traceId)).toMatchObject({
      name: 'GET',
      attributes: { 'url.path': '/blog/api/categories' },
    });
  });

  it('hides the token of a link', async () => {
    const traceId = TRACE.replace('4', '7');
    await ask({ url }, '/studio/reset?token=told-to-one', { traceparent: `00-${traceId}-${PARENT}-01` });
    const { attributes } = await requestSpan(traceId);
    expect(attributes['url.path']).toBe('/studio/reset');
    expect(JSON.stringify(attributes)).not.toContain('told-to-one');
  });

  it('sends nothing of probes, and nothing that belongs to no request', async () => {
    const traceId = TRACE.replace('4', '6');
    await ask({ url }, '/livez', {});
    await ask({ url }, '/blog/api/posts?limit=11', { traceparent: `00-${traceId}-${PARENT}-01` });
    await requestSpan(traceId);
    expect(receiver.spans.filter(({ attributes }) => attributes['url.path'] === '/livez')).toEqual([]);
    expect(
      receiver.spans.filter(({ scope, parentSpanId }) => scope !== HTTP && parentSpanId === undefined),
    ).toEqual([]);
    expect(receiver.refused).toEqual([]);
  });

  it('has loaded the SDK, as the test below would see it', () => {
    expect([...loaded.packages].filter(isOfSdk)).toEqual(
      expect.arrayContaining(['@opentelemetry/sdk-trace', HTTP, PG, IOREDIS]),
    );
  });

  it('exits with 0', async () => {
    server.signal('SIGTERM');
    expect(await server.ended()).toBe(0);
  });
});

describe('node dist/main.js', () => {
  it(
    'loads nothing of the SDK of OpenTelemetry, and sends nothing, whatever OTEL_* says',
    async () => {
      const loaded = new LoadedModules();
      const sent = receiver.spans.length;
      const server = start({ NODE_OPTIONS: loaded.nodeOptions });
      const url = await server.address();
      await ask({ url }, '/blog/api/posts?limit=3', { 'x-request-id': 'untraced' });
      expect(await lineOf(server, 'untraced')).not.toHaveProperty('trace_id');
      server.signal('SIGTERM');
      expect(await server.ended()).toBe(0);
      expect([...loaded.packages]).toEqual(expect.arrayContaining(['fastify', 'pg', 'ioredis']));
      expect([...loaded.packages].filter((name) => name !== API && name.includes('opentelemetry'))).toEqual(
        [],
      );
      expect([...loaded.packages].filter(isOfSdk)).toEqual([]);
      expect(receiver.spans).toHaveLength(sent);
      loaded.forget();
    },
    PATIENCE_MS,
  );

  it(
    'refuses a share of traces that is none, in one line',
    async () => {
      const server = start({ NODE_OPTIONS: '--import ./dist/traces.js', OTEL_TRACES_SAMPLER_ARG: 'half' });
      expect(await server.ended()).toBe(1);
      expect(server.output).toBe(
        'Inkwell cannot start: OTEL_TRACES_SAMPLER_ARG: expected a number from 0 to 1, got "half"\n',
      );
    },
    PATIENCE_MS,
  );
});
