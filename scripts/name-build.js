// Names the build by a hash over the compiled files and the packages they run with, and stores the name next to them.
// Entries in Redis carry the name, so that two builds never use each other's answers.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const NAME = 'build-id.json';
const ID_LENGTH = 16;

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Expected the folder with the compiled files, such as `dist`');

const compiled = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name !== NAME)
  .map((entry) => join(entry.parentPath, entry.name))
  .sort();

const hash = createHash('sha256');
const add = (name, path) => {
  const content = readFileSync(path);
  hash.update(`${name} ${content.length}\n`).update(content);
};
for (const path of compiled) add(relative(folder, path), path);
for (const path of ['package.json', 'package-lock.json']) add(path, path);
const id = hash.digest('base64url').slice(0, ID_LENGTH);
writeFileSync(join(folder, NAME), `${JSON.stringify({ id })}\n`);
