import { existsSync } from 'node:fs';

/**
 * The script of a thread, next to the module that starts it. Tests run the TypeScript sources, but a thread loads only
 * JavaScript, so it then uses the build, which `npm test` makes first.
 * @param base `import.meta.url` of that module
 */
export function compiledFile(name: string, base: string): URL {
  const beside = new URL(name, base);
  return existsSync(beside) ? beside : new URL(beside.href.replace(/\/src\/(?!.*\/src\/)/, '/dist/'));
}
