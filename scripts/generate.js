// Writes the files that are made from the source. With --check nothing is written: fails when one of them is out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import { configurationDocument } from './configuration-document.js';

const files = new Map([['docs/configuration.md', configurationDocument()]]);

const read = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

const outdated = [...files].filter(([path, text]) => read(path) !== text);
if (process.argv.includes('--check')) {
  for (const [path] of outdated) console.error(`${path} is out of date: run npm run generate`);
  process.exit(outdated.length === 0 ? 0 : 1);
}
for (const [path, text] of outdated) {
  writeFileSync(path, text);
  console.log(`wrote ${path}`);
}
