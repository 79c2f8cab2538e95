import { readFileSync } from 'node:fs';

/** What `npm start` gives Node, such as the size of its young generation: what is measured beside it runs with the same. */
export function startFlags(): string[] {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } };
  const given = /^node (?:(.+) )?dist\/main\.js$/.exec(scripts.start);
  if (given === null)
    throw new Error(`The start script is not "node [flags] dist/main.js": ${scripts.start}`);
  return given[1]?.split(/ +/) ?? [];
}
