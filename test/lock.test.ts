import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import semver from 'semver';

interface Package {
  readonly version?: string;
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly engines?: { readonly node?: string };
}

const read = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;
const { packages } = read<{ packages: Record<string, Package> }>('package-lock.json');
const { engines } = read<{ engines: { node: string } }>('package.json');
const { optionalDependencies } = read<{ optionalDependencies: Record<string, string> }>(
  'runtime/package.json',
);

describe('package-lock.json', () => {
  it('brings the Node that the scripts run on, for each platform, by its checksum', () => {
    expect(Object.keys(optionalDependencies).length).toBeGreaterThan(3);
    for (const [name, version] of Object.entries(optionalDependencies)) {
      expect(packages[`node_modules/${name}`]).toMatchObject({ version, optional: true });
      expect(packages[`node_modules/${name}`]?.integrity).toMatch(/^sha512-/);
    }
    // Its install script downloads files that no lock file lists.
    expect(packages).not.toHaveProperty(['node_modules/node']);
  });

  it('makes npm warn of nothing on the oldest Node that the README allows', () => {
    const oldest = semver.minVersion(engines.node)!;
    const tooNew = Object.entries(packages).filter(
      ([, each]) => each.engines?.node !== undefined && !semver.satisfies(oldest, each.engines.node),
    );
    expect(tooNew).toEqual([]);
  });
});
