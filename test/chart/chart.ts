import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { type HelmMajor, provideHelm } from './provide-helm.js';

const CHART = 'helm/inkwell';

/** The values that CI renders: each file of the chart's folder `ci` by its name without `-values.yaml`. */
export const cases = readdirSync(`${CHART}/ci`).map((file) => file.replace('-values.yaml', ''));

const valuesOf = (name: string): string => `${CHART}/ci/${name}-values.yaml`;

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Helm as a machine without a cluster would. */
function helm(major: HelmMajor, ...words: string[]): Run {
  const { status, stdout, stderr } = spawnSync(provideHelm(major), words, { encoding: 'utf8' });
  return { status, stdout, stderr };
}

export const lint = (major: HelmMajor, name: string): Run =>
  helm(major, 'lint', '--strict', '--quiet', CHART, '--values', valuesOf(name));

/** @param settings as `--set` takes them */
export const template = (major: HelmMajor, name: string, settings: readonly string[] = []): Run =>
  helm(
    major,
    ...['template', 'release', CHART, '--namespace', 'blog', '--values', valuesOf(name)],
    ...settings.flatMap((setting) => ['--set', setting]),
  );

/** A rendered object, as loosely as YAML has it. */
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

/** @throws when it does not render, or is not YAML */
export function manifestsOf(name: string, settings: readonly string[] = []): Manifest[] {
  const { status, stdout, stderr } = template(4, name, settings);
  if (status !== 0) throw new Error(stderr);
  return parseAllDocuments(stdout, { strict: true, uniqueKeys: true }).map((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    return document.toJS() as Manifest;
  });
}

export const ofKind = (manifests: readonly Manifest[], kind: string): Manifest[] =>
  manifests.filter((manifest) => manifest.kind === kind);
