import { afterAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** The name of a build that contains this file. */
function nameOf(path: string, content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'inkwell-build-'));
  folders.push(folder);
  mkdirSync(join(folder, 'site'));
  writeFileSync(join(folder, 'main.js'), 'export {};');
  writeFileSync(join(folder, path), content);
  const name = (): string => {
    execFileSync(process.execPath, ['scripts/name-build.js', folder]);
    return (JSON.parse(readFileSync(join(folder, 'build-id.json'), 'utf8')) as { id: string }).id;
  };
  const first = name();
  // The file with the name is not part of the build.
  expect(name()).toBe(first);
  return first;
}

describe('the name of a build', () => {
  it('is the same for the same files, wherever they are', () => {
    expect(nameOf('site/page.js', 'one')).toBe(nameOf('site/page.js', 'one'));
  });

  it('is another when a file differs by a byte or by its name', () => {
    const names = [
      nameOf('site/page.js', 'one'),
      nameOf('site/page.js', 'onf'),
      nameOf('site/pages.js', 'one'),
    ];
    expect(new Set(names).size).toBe(3);
  });

  it('comes with every build: that of `npm start`, and that of the image', () => {
    const { id } = JSON.parse(readFileSync('dist/build-id.json', 'utf8')) as { id: string };
    expect(id).toMatch(/^[\w-]{16}$/);
    expect(readFileSync('Dockerfile', 'utf8')).toContain('RUN node scripts/name-build.js dist');
  });
});
