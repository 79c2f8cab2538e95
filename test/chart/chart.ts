import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { type HelmMajor, provideHelm } from './provide-helm.js';

const CHART = 'helm/inkwell';

/** The values that CI renders: each file in the chart's folder `ci`, by its name without `-values.yaml`. */
export const cases = readdirSync(`${CHART}/ci`).map((file) => file.replace('-values.yaml', ''));

const valuesOf = (name: string): string => `${CHART}/ci/${name}-values.yaml`;

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Helm as on a machine without a cluster. */
function helm(major: HelmMajor, ...words: string[]): Run {
  const { status, stdout, stderr } = spawnSync(provideHelm(major), words, { encoding: 'utf8' });
  return { status, stdout, stderr };
}

export const lint = (major: HelmMajor, name: string): Run =>
  helm(major, 'lint', '--strict', '--quiet', CHART, '--values', valuesOf(name));

/** @param settings as for `--set` */
export const template = (major: HelmMajor, name: string, settings: readonly string[] = []): Run =>
  helm(
    major,
    ...['template', 'release', CHART, '--namespace', 'blog', '--values', valuesOf(name)],
    ...settings.flatMap((setting) => ['--set', setting]),
  );

/** A rendered object, with as loose a type as YAML has. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: unknown;
  readonly data?: Readonly<Record<string, string>>;
}

/** @throws if it does not render, or is not YAML */
export function manifestsOf(name: string, settings: readonly string[] = []): Manifest[] {
  const { status, stdout, stderr } = template(4, name, settings);
  if (status !== 0) throw new Error(stderr);
  return parsed(stdout);
}

const parsed = (text: string): Manifest[] =>
  parseAllDocuments(text, { strict: true, uniqueKeys: true }).map((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    return document.toJS() as Manifest;
  });

/**
 * @param texts values files, later ones override earlier ones
 * @throws if they do not render
 */
export function manifestsWith(...texts: readonly string[]): Manifest[] {
  const folder = mkdtempSync(join(tmpdir(), 'inkwell-values-'));
  try {
    const files = texts.map((text, index) => {
      writeFileSync(join(folder, `${index}.yaml`), text);
      return ['--values', join(folder, `${index}.yaml`)];
    });
    const { status, stdout, stderr } = helm(4, 'template', 'blog', CHART, ...files.flat());
    if (status !== 0) throw new Error(stderr);
    return parsed(stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Renders as for an upgrade, for which Helm queries the cluster. @param api address of the cluster's API */
export async function manifestsInCluster(major: HelmMajor, name: string, api: string): Promise<Manifest[]> {
  const { stdout } = await promisify(execFile)(
    provideHelm(major),
    [
      ...['template', 'release', CHART, '--namespace', 'blog', '--values', valuesOf(name)],
      ...['--dry-run=server', '--disable-openapi-validation', '--kube-apiserver', api],
    ],
    { env: { ...process.env, KUBECONFIG: '/dev/null' } },
  );
  return parsed(stdout);
}

export const ofKind = (manifests: readonly Manifest[], kind: string): Manifest[] =>
  manifests.filter((manifest) => manifest.kind === kind);
