// Which files of src/ run during one hit, one routed miss and one PATCH, by V8's precise coverage.
// node scripts/architecture/request-ways.js [--dist DIR] [--files]
// It starts the application of DIR (default: dist) with the environment it is given: with REDIS_URL, Redis takes part.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

/** Each request is repeated, because a file that runs by chance, for example on a timer, does not run every time. */
const REPEATS = 8;
const SETTLE_MS = 300;

const { values } = parseArgs({
  options: { dist: { type: 'string', default: 'dist' }, files: { type: 'boolean', default: false } },
});
const dist = resolve(values.dist);
const dataDir = await mkdtemp(join(tmpdir(), 'inkwell-ways-'));
// The user that the embedded PostgreSQL runs as.
await chmod(dataDir, 0o755);
Object.assign(process.env, {
  PORT: '0',
  HOST: '127.0.0.1',
  DATA_DIR: dataDir,
  LOG_LEVEL: 'warn',
  WELCOME: 'false',
  // Makes lease renewals rare, so that they do not count as part of a request.
  COHERENCE_LEASE_MS: '5000',
  REGISTRATION: 'open',
  RATE_LIMIT_WRITE: '100000',
  RATE_LIMIT_SEARCH: '100000',
});

const load = (path) => import(pathToFileURL(join(dist, path)).href);
await import('reflect-metadata');
const { AppModule } = await load('app.module.js');
const { Config } = await load('config.js');
const { createApp } = await load('platform/server/create-app.js');
const { EmbeddedPostgres } = await load('platform/database/embedded/embedded-postgres.js');
const { Lifecycle } = await load('platform/lifecycle/lifecycle.js');

const given = Config.from(process.env).with({ authSecret: ['the-signing-key-of-this-script-0123456789'] });
const database = await EmbeddedPostgres.start(dataDir, {});
const config = given.with({ databaseUrl: database.url });
const app = await createApp(AppModule.forRoot(config), config);
await app.listen(0, '127.0.0.1');
app.get(Lifecycle).markWarm();
const origin = await app.getUrl();

async function call(path, { expect, ...init } = {}) {
  const response = await fetch(origin + path, init);
  const text = await response.text();
  if (!response.ok || (expect !== undefined && !expect.test(response.headers.get('cache-status') ?? '')))
    throw new Error(
      `${path}: ${response.status} ${response.headers.get('cache-status')} ${text.slice(0, 200)}`,
    );
  return text === '' ? undefined : JSON.parse(text);
}

const json = (method, body, token) => ({
  method,
  body: JSON.stringify(body),
  headers: {
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  },
});

const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });

/** @returns the functions that were called since the last call: `path name offset` */
async function functionsThatRan() {
  const { result } = await session.post('Profiler.takePreciseCoverage');
  return new Set(
    result
      .filter(({ url }) => url.startsWith(`${pathToFileURL(dist).href}/`))
      .flatMap(({ url, functions }) =>
        functions
          .filter(({ ranges }) => ranges[0].count > 0)
          .map(
            ({ functionName, ranges }) => `${fileURLToPath(url)} ${functionName} ${ranges[0].startOffset}`,
          ),
      ),
  );
}

const fileOf = (called) =>
  called
    .split(' ', 1)[0]
    .slice(dist.length + 1)
    .replace(/\.js$/, '.ts');

/** @param request receives the number of the repetition */
async function filesOf(request) {
  await request(0);
  let always;
  for (let n = 1; n <= REPEATS; n += 1) {
    // Waits until work of the last request, such as webhooks, is done. Functions that run after that belong to timers.
    await sleep(SETTLE_MS);
    await functionsThatRan();
    await sleep(SETTLE_MS);
    const byTimers = await functionsThatRan();
    await request(n);
    const ran = (await functionsThatRan()).difference(byTimers);
    always = always === undefined ? ran : always.intersection(ran);
  }
  return [...new Set([...always].map(fileOf))].sort();
}

const username = 'ada';
const password = 'a quiet green kettle';
await call('/api/register', json('POST', { username, email: 'ada@example.org', password }));
const { token } = await call('/api/login', json('POST', { username, password }));
const post = { title: 'On ink', content: 'It dries.', category_name: 'Notes' };
const { id } = await call('/blog/api/posts', json('POST', post, token));

const ways = {
  hit: await filesOf((n) => call(`/blog/api/posts/${id}`, n === 0 ? {} : { expect: /hit/ })),
  'routed miss': await filesOf((n) => call(`/blog/api/posts?limit=${n + 1}`, { expect: /fwd=miss/ })),
  PATCH: await filesOf((n) =>
    call(`/blog/api/posts/${id}`, json('PATCH', { content: `It dries ${n} times.` }, token)),
  ),
};
for (const [name, files] of Object.entries(ways)) {
  console.log(`${name}: ${files.length} files`);
  if (values.files) for (const file of files) console.log(`  ${file}`);
}
await app.close();
await database.stop();
await rm(dataDir, { recursive: true, force: true });
process.exit(0);
