import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { environmentSchema } from '../../src/config.js';
import { type Account, login, register } from '../support/accounts.js';
import { makeDataFolder, ServerProcess } from '../support/server-process.js';
import { createTestDatabase, query } from '../support/test-database.js';
import { callsOf, commandsOf, type Runbook, runbooks, spansOf, statementsOf } from './runbooks.js';

const TIMEOUT_MS = 60_000;
/** `kubectl exec` for a release named blog. */
const IN_A_POD = /^kubectl exec deployment\/blog-inkwell -- /;
/** On the reader's machine, or on that of PostgreSQL or Redis. */
const ELSEWHERE = /^(kubectl (get|describe|delete|logs)|helm rollback|psql|redis-cli|df)( |$)/;

const folder = makeDataFolder();
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let server: ServerProcess;
let url: string;
let admin: Account;
beforeAll(async () => {
  layImage();
  database = await createTestDatabase();
  server = ServerProcess.start(environment());
  url = await server.address();
  // The user who gets a new password.
  await register({ url }, 'ben');
  const id = await register({ url }, 'ada');
  await query(database.url, `UPDATE users SET role = 'admin' WHERE username = 'ada'`);
  admin = { id, username: 'ada', ...(await login({ url }, 'ada')) };
}, TIMEOUT_MS);
afterAll(async () => {
  server.signal('SIGTERM');
  await server.ended();
  await database.drop();
  folder.remove();
}, TIMEOUT_MS);

const environment = (): Record<string, string> => ({
  DATABASE_URL: database.url,
  DATA_DIR: join(folder.path, 'data'),
  WELCOME: 'false',
});

/** The command line at its path in the Dockerfile. */
function layImage(): void {
  const target = /^COPY scripts\/inkwell (\S+)$/m.exec(readFileSync('Dockerfile', 'utf8'))![1]!;
  mkdirSync(join(folder.path, dirname(target)), { recursive: true });
  copyFileSync('scripts/inkwell', join(folder.path, target));
  symlinkSync(resolve('.'), join(folder.path, 'app'));
}

/** In a shell that finds only the programs of the image. @throws if it fails */
async function inPod(command: string): Promise<string> {
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command], {
    env: { ...environment(), PATH: `${folder.path}/usr/local/bin:${dirname(process.execPath)}` },
  });
  return stdout;
}

const each = <T>(of: (runbook: Runbook) => readonly T[]): [string, T][] =>
  runbooks.flatMap((runbook) => of(runbook).map((what): [string, T] => [runbook.name, what]));

const inPods = each(commandsOf).filter(([, command]) => IN_A_POD.test(command));

describe('the commands of the runbooks', () => {
  it('are run in a pod by the programs of the image, or elsewhere', () => {
    const others = each(commandsOf).filter(
      ([, command]) => !IN_A_POD.test(command) && !ELSEWHERE.test(command),
    );
    expect(others).toEqual([]);
    expect(inPods.length).toBeGreaterThanOrEqual(3);
  });

  it.each(inPods)(
    '%s: %s',
    async (_, command) => {
      const { port } = new URL(url);
      const words = command.replace(IN_A_POD, '').replace(':3000/', `:${port}/`).replace('NAME', 'ben');
      expect(await inPod(words)).not.toBe('');
    },
    TIMEOUT_MS,
  );

  it('say in the one that asks for readiness what is away', async () => {
    const [, command] = inPods.find(([name]) => name === 'InkwellReadinessFlapping')!;
    const said = await inPod(command.replace(IN_A_POD, '').replace(':3000/', `:${new URL(url).port}/`));
    expect(said).toMatch(/^200 \{.*"checks":\{.*postgres/);
  });
});

describe('the statements of the runbooks', () => {
  it.each(each(statementsOf))('%s: %s', async (_, statement) => {
    await expect(query(database.url, statement)).resolves.toBeInstanceOf(Array);
  });
});

describe('the calls of the runbooks', () => {
  const call = (what: string, ids: Readonly<Record<string, number>>): Promise<Response> => {
    const [method, path] = what.split(' ') as [string, string];
    const filled = Object.entries(ids).reduce((text, [name, id]) => text.replace(name, String(id)), path);
    // The change that the page mentions with it.
    const body = method === 'PATCH' ? { body: '{"enabled": true}' } : {};
    return fetch(url + filled, {
      method,
      headers: {
        authorization: `Bearer ${admin.token}`,
        ...(method === 'PATCH' ? { 'content-type': 'application/json' } : {}),
      },
      ...body,
    });
  };

  it.each(each(callsOf))('%s: %s', async (_, what) => {
    const [webhook] = await query<{ id: number }>(
      database.url,
      `INSERT INTO webhooks (url, events, secret) VALUES ('https://hooks.example.org/', '{post.revised}', 'x') RETURNING id`,
    );
    const [delivery] = await query<{ id: string }>(
      database.url,
      `INSERT INTO webhook_deliveries (webhook_id, event_id, type, subject, body, state, attempts, last_error, finished_at)
       VALUES ($1, 'evt', 'post.revised', 'post:1', '{}', 'dead', 9, 'ECONNREFUSED', now()) RETURNING id`,
      [webhook!.id],
    );
    const { status } = await call(what, { DELIVERY: Number(delivery!.id), ID: webhook!.id });
    expect([200, 202, 204]).toContain(status);
  });
});

describe('the names in the runbooks', () => {
  const values = parse(readFileSync('helm/inkwell/values.yaml', 'utf8')) as Record<string, unknown>;
  const isValue = (path: string): boolean =>
    path
      .split('.')
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], values) !== undefined;
  const spans = (pattern: RegExp): [string, string][] =>
    each(({ text }) => spansOf(text).filter((span) => pattern.test(span)));

  it('are values of the chart', () => {
    const paths = spans(/^[a-z][a-zA-Z]+(\.[a-zA-Z]+)+$/).filter(([, path]) => path !== 'storage.full');
    expect(paths.length).toBeGreaterThan(5);
    expect(paths.filter(([, path]) => !isValue(path))).toEqual([]);
  });

  it('are variables of the environment', () => {
    const variables = spans(/^[A-Z]{2,}(_[A-Z]+)+(_\*)?(=\w+)?$/);
    const names = Object.keys(environmentSchema.shape);
    const isKnown = (text: string): boolean =>
      text.endsWith('*') ? names.some((name) => name.startsWith(text.slice(0, -1))) : names.includes(text);
    expect(variables.length).toBeGreaterThan(5);
    expect(variables.filter(([, text]) => !isKnown(text.split('=')[0]!))).toEqual([]);
  });

  it('are rows and panels of the dashboard', () => {
    const { panels } = JSON.parse(readFileSync('helm/inkwell/files/dashboard.json', 'utf8')) as {
      panels: { title: string }[];
    };
    const sentences = each(({ text }) => text.match(/Dashboard, row[^]*?(?=\.\s|\n\n|$)/g) ?? []);
    const named = sentences.flatMap(([name, sentence]) =>
      [...sentence.matchAll(/\*([^*]+)\*/g)].map(
        ([, title = '']) => [name, title.replaceAll('\n', ' ')] as const,
      ),
    );
    expect(named.length).toBeGreaterThan(10);
    const isShown = (title: string): boolean => panels.some((panel) => panel.title.startsWith(title));
    expect(named.filter(([, title]) => !isShown(title))).toEqual([]);
  });
});
