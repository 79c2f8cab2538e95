// npm run k6 -- quick|load|journey: runs k6 against the server as in production, and measures the server's resources.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { EmbeddedPostgres } from '../dist/platform/database/embedded/embedded-postgres.js';
import { freePort } from './free-port.js';
import { stagesOf, wordsOf } from './rehearse-image/dockerfile.js';

const POSTS = 1000;
const MAX_RSS_MIB = 150;
const POOL_MIN = 10;
const MAX_CONNECTIONS_BEYOND_MIN = 15;

/** The server is started like in the image. */
const { steps } = stagesOf('Dockerfile').at(-1);
const imageEnvironment = Object.fromEntries(
  steps.filter(({ keyword }) => keyword === 'ENV').map(({ text }) => text.split('=')),
);
const command = wordsOf(steps.find(({ keyword }) => keyword === 'CMD'));

const [name = 'quick'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'inkwell-k6-'));
chmodSync(folder, 0o755);
/** Functions that stop the started servers. They are called in reverse order. */
const started = [];

/** k6 itself is no dependency: see k6/README.md. */
function findK6() {
  const gopath = spawnSync('go', ['env', 'GOPATH'], { encoding: 'utf8' }).stdout?.trim() ?? '';
  const places = [process.env.K6, 'k6', join(gopath, 'bin', 'k6')].filter(Boolean);
  const found = places.find((place) => spawnSync(place, ['version'], { stdio: 'ignore' }).status === 0);
  if (found === undefined)
    throw new Error('k6 is not on PATH: `go install go.k6.io/k6@latest`, or name it by K6=/path/to/k6');
  return found;
}

/** DATABASE_URL, or else a separate PostgreSQL with its ordinary, durable settings. */
async function providePostgres() {
  if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
  const postgres = await EmbeddedPostgres.start(folder);
  started.push(() => postgres.stop());
  return postgres.url;
}

/** REDIS_URL, or else a separate Redis. */
async function provideRedis() {
  if (process.env.REDIS_URL) return process.env.REDIS_URL;
  const port = await freePort();
  const flags = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
  const redis = spawn('redis-server', flags, { stdio: 'ignore' });
  redis.on('error', () => {
    console.error('redis-server is not on PATH: install it, or set REDIS_URL');
    process.exit(1);
  });
  started.push(() => redis.kill('SIGKILL'));
  return `redis://127.0.0.1:${port}`;
}

async function startServer(environment) {
  const log = openSync(join(folder, 'server.log'), 'w');
  const server = spawn(process.execPath, command.slice(1), { env: environment, stdio: ['ignore', log, log] });
  started.push(async () => {
    server.kill('SIGTERM');
    if (server.exitCode === null) await once(server, 'exit');
  });
  const url = `http://127.0.0.1:${environment.PORT}`;
  const isReady = () =>
    fetch(`${url}/readyz`)
      .then(({ status }) => status === 200)
      .catch(() => false);
  while (!(await isReady())) {
    if (server.exitCode !== null) throw new Error(readFileSync(join(folder, 'server.log'), 'utf8'));
    await sleep(50);
  }
  return { url, pid: server.pid };
}

/** Counts the server's connections once a second, from outside. */
async function watchConnections(databaseUrl) {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'k6 watch' });
  await client.connect();
  const sql = `SELECT count(*)::int AS open FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'inkwell'`;
  const seen = { most: 0 };
  const timer = setInterval(() => {
    client.query(sql).then(
      ({ rows }) => (seen.most = Math.max(seen.most, rows[0].open)),
      () => undefined,
    );
  }, 1000);
  started.push(() => (clearInterval(timer), client.end()));
  return seen;
}

const memoryMib = (pid, field) =>
  Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

function verdict(isKept, text) {
  console.log(`${isKept ? '✓' : '✗'} ${text}`);
  if (!isKept) process.exitCode = 1;
}

async function run() {
  const k6 = findK6();
  const environment = {
    PATH: process.env.PATH,
    ...imageEnvironment,
    NODE_OPTIONS: process.env.NODE_OPTIONS ?? '',
    HOST: '127.0.0.1',
    PORT: String(await freePort()),
    DATABASE_URL: await providePostgres(),
    REDIS_URL: await provideRedis(),
    DATABASE_POOL_MIN: String(POOL_MIN),
    AUTH_SECRET: randomBytes(32).toString('hex'),
    // The journey creates all accounts, and writes by them, from one address.
    REGISTRATION: 'open',
    DEFAULT_ROLE: 'author',
    RATE_LIMIT_LOGIN: '1000000',
    RATE_LIMIT_REGISTER: '1000000',
    RATE_LIMIT_EMAIL_CONFLICTS: '1000000',
    RATE_LIMIT_WRITE: '1000000',
  };
  spawnSync(process.execPath, ['dist/cli/main.js', 'seed', '--users', '20', '--posts', String(POSTS)], {
    env: environment,
    stdio: 'inherit',
  });
  const { url, pid } = await startServer(environment);
  const seen = await watchConnections(environment.DATABASE_URL);
  console.log(
    `${process.version}, ${command.join(' ')} ${environment.NODE_OPTIONS}, ${POSTS} posts, server process ${pid}, ${memoryMib(pid, 'VmRSS').toFixed(0)} MiB at the start`,
  );
  const flags = ['run', '--quiet', '--no-usage-report', '-e', `BASE_URL=${url}`, `k6/${name}.js`];
  const test = spawn(k6, flags, { stdio: 'inherit' });
  const [code] = await once(test, 'exit');
  verdict(
    code === 0,
    `k6 run k6/${name}.js ended with ${code}: ${code === 0 ? 'every threshold was kept' : 'a threshold was not kept'}`,
  );
  const rss = memoryMib(pid, 'VmRSS');
  verdict(
    rss <= MAX_RSS_MIB,
    `RSS of the server afterwards: ${rss.toFixed(0)} MiB, at most ${memoryMib(pid, 'VmHWM').toFixed(0)} (goal: ${MAX_RSS_MIB})`,
  );
  const beyond = Math.max(0, seen.most - POOL_MIN);
  verdict(
    beyond <= MAX_CONNECTIONS_BEYOND_MIN,
    `database connections: at most ${seen.most}, ${beyond} beyond the ${POOL_MIN} kept open (goal: ${MAX_CONNECTIONS_BEYOND_MIN})`,
  );
}

try {
  await run();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  for (const end of started.reverse()) await end();
  rmSync(folder, { recursive: true, force: true });
}
