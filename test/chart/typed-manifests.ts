import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Manifest } from './chart.js';

const CLOUDNATIVE_PG = 'postgresql.cnpg.io/v1';

/** The models with the schemas of an API. */
const MODELS: Readonly<Record<string, () => Promise<unknown>>> = {
  v1: () => import('kubernetes-models/v1'),
  'apps/v1': () => import('kubernetes-models/apps/v1'),
  'autoscaling/v2': () => import('kubernetes-models/autoscaling/v2'),
  'batch/v1': () => import('kubernetes-models/batch/v1'),
  'networking.k8s.io/v1': () => import('kubernetes-models/networking.k8s.io/v1'),
  'policy/v1': () => import('kubernetes-models/policy/v1'),
  'gateway.networking.k8s.io/v1': () => import('@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1'),
  'monitoring.coreos.com/v1': () => import('@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1'),
};

/** The package with the types of an API, if not kubernetes-models itself. */
const PACKAGES: Readonly<Record<string, string>> = {
  'gateway.networking.k8s.io/v1': '@kubernetes-models/gateway-api/',
  'monitoring.coreos.com/v1': '@kubernetes-models/prometheus-operator/',
};

const TYPESCRIPT = resolve('node_modules/typescript/bin/tsc');

const typesOf = ({ apiVersion }: Manifest): string =>
  apiVersion === CLOUDNATIVE_PG
    ? resolve('test/chart/cloudnative-pg.js')
    : `${PACKAGES[apiVersion] ?? 'kubernetes-models/'}${apiVersion}`;

/** One file per manifest, so that TypeScript reports every wrong manifest, not only the first. */
const source = (manifest: Manifest): string =>
  `import type { I${manifest.kind} } from '${typesOf(manifest)}';\n` +
  `export const manifest: I${manifest.kind} = ${JSON.stringify(manifest, null, 1)};\n`;

/**
 * @returns TypeScript's errors about the manifests, such as unknown keys and values of a wrong type; '' if there are
 * none
 */
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

/** @throws if a value does not match the schema of its API */
export async function validate(manifest: Manifest): Promise<void> {
  // No package has a schema for it. Its type is checked with the others.
  if (manifest.apiVersion === CLOUDNATIVE_PG) return;
  const models = (await MODELS[manifest.apiVersion]?.()) as
    Readonly<Record<string, new (manifest: Manifest) => Model>> | undefined;
  const ModelOfKind = models?.[manifest.kind];
  if (ModelOfKind === undefined)
    throw new Error(`There is no model of ${manifest.apiVersion} ${manifest.kind}`);
  new ModelOfKind(manifest).validate();
}
