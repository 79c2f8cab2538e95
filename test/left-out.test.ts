import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { suitesLeftOut } from './support/left-out.js';

const all = globSync('test/**/*.{test,redis,redis-server,operate,browser}.ts').sort();

/** The files that Jest would run on a machine with nothing but Node in PATH. */
function listed(environment: Record<string, string>): string[] {
  const output = execFileSync(process.execPath, ['node_modules/jest/bin/jest.js', '--listTests'], {
    env: { PATH: dirname(process.execPath), ...environment },
    encoding: 'utf8',
  });
  const files = output.split('\n').filter((line) => line.includes('/test/'));
  return files.map((file) => relative('.', file));
}

const namedIn = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => /\((.*)\)$/.exec(line)![1]!.split(', '));

describe('npm test where there is only Node', () => {
  it.each([
    ['no Redis', {}, { redis: 'none', isOperated: false, hasBrowser: false }],
    [
      'the address of a Redis, and is told that HAProxy, Prometheus and Chromium are there',
      { REDIS_URL: 'redis://127.0.0.1:1', TEST_OPERATE: 'true', TEST_BROWSER: 'true' },
      { redis: 'address', isOperated: true, hasBrowser: true },
    ],
  ] as const)('runs or names every suite: with %s', (_, environment, machine) => {
    const run = new Set(listed(environment));
    const named = namedIn(suitesLeftOut(machine));
    expect(named.length).toBeGreaterThan(5);
    expect([...run, ...named].sort()).toEqual(all);
  });

  it('counts what it names, and says how to get it', () => {
    expect(suitesLeftOut({ redis: 'none', isOperated: false, hasBrowser: false })).toEqual([
      expect.stringMatching(
        /^21 suites that need Redis: put redis-server or valkey-server on PATH, or set REDIS_URL/,
      ),
      expect.stringMatching(/^3 suites that need HAProxy or Prometheus: npm run test:operate \(/),
      expect.stringMatching(/^\d+ suites that need Chromium: npm run test:browser \(/),
    ]);
    expect(suitesLeftOut({ redis: 'program', isOperated: true, hasBrowser: true })).toEqual([]);
  });
});
