import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Manifest } from './chart.js';

/** Where the types of an API group are, when not in kubernetes-models itself. */
const PACKAGES: Readonly<Record<string, string>> = {
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator/',
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api/',
};
const CLOUDNATIVE_PG = 'postgresql.cnpg.io/v1';

const TYPESCRIPT = resolve('node_modules/typescript/bin/tsc');

const moduleOf = ({ apiVersion }: Manifest): string =>
  apiVersion === CLOUDNATIVE_PG
    ? resolve('test/chart/cloudnative-pg.js')
    : `${PACKAGES[apiVersion.split('/')[0]!] ?? 'kubernetes-models/'}${apiVersion}`;

/** One file a manifest, so that TypeScript reports every one that is wrong, and not only the first. */
const source = (manifest: Manifest): string =>
  `import type { I${manifest.kind} } from '${moduleOf(manifest)}';\n` +
  `export const manifest: I${manifest.kind} = ${JSON.stringify(manifest, null, 1)};\n`;

/** @returns what TypeScript says against the manifests: keys that do not exist, values of a wrong type; '' when nothing */
export function typeErrorsOf(manifests: Readonly<Record<string, readonly Manifest[]>>): string {
  mkdirSync('.cache', { recursive: true });
  const folder = mkdtempSync(resolve('.cache', 'manifests-'));
  try {
    for (const [name, each] of Object.entries(manifests)) {
      for (const manifest of each) {
        const file = `${name}.${manifest.kind}.${manifest.metadata.name}.ts`;
        writeFileSync(join(folder, file), source(manifest));
      }
    }
    const settings = {
      extends: '../../tsconfig.json',
      compilerOptions: { incremental: false, types: [] },
      include: ['*.ts'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
    return spawnSync(process.execPath, [TYPESCRIPT, '--project', folder, '--pretty', 'false'], {
      encoding: 'utf8',
    }).stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Model {
  validate(): void;
}

/** @throws when a value is against the schema of its API */
export async function validate(manifest: Manifest): Promise<void> {
  // No package has a schema of it; its type is checked with the others.
  if (manifest.apiVersion === CLOUDNATIVE_PG) return;
  const models = (await import(moduleOf(manifest))) as Readonly<
    Record<string, new (manifest: Manifest) => Model>
  >;
  const ModelOfKind = models[manifest.kind];
  if (ModelOfKind === undefined)
    throw new Error(`There is no model of ${manifest.apiVersion} ${manifest.kind}`);
  new ModelOfKind(manifest).validate();
}
