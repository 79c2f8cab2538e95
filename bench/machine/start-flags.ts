import { readFileSync } from 'node:fs';

/**
 * The flags that `npm start` passes to Node, such as the size of the young generation. Other contestants run with the
 * same.
 */
export function startFlags(): string[] {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } };
  const given = /^node (?:(.+) )?dist\/main\.js$/.exec(scripts.start);
  if (given === null)
    throw new Error(`The start script is not "node [flags] dist/main.js": ${scripts.start}`);
  return given[1]?.split(/ +/) ?? [];
}
