import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ProtectionName, PROTECTIONS } from './protections.js';

/** In the project, so that a build finds node_modules, and where git does not look. */
const BUILDS = '.cache/switched-off';

/**
 * A copy of dist without some protections. Production code has no switches.
 * @returns the file to run @throws when what is to be replaced is not there exactly once: then the test must be changed
 */
export function buildWithout(names: readonly ProtectionName[]): string {
  const folder = join(BUILDS, names.join('-and-').replaceAll(' ', '-'));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(BUILDS, { recursive: true });
  // A build looks for them beside its own folder.
  for (const file of ['package.json', 'docs/openapi.json']) cpSync(file, join(BUILDS, file));
  cpSync('dist', folder, { recursive: true });
  for (const name of names) {
    const { file, text, replacement } = PROTECTIONS[name];
    const path = join(folder, file);
    const parts = readFileSync(path, 'utf8').split(text);
    if (parts.length !== 2)
      throw new Error(`${file} has ${parts.length - 1} times, not once, what "${name}" replaces: ${text}`);
    writeFileSync(path, parts.join(replacement));
  }
  return join(folder, 'main.js');
}
