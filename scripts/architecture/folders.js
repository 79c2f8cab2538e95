// The folders of src/platform and the imports of each, read from the source. Specs may import anything, and do not
// count.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

const PLATFORM = 'src/platform';

const importsOf = (file) =>
  ts
    .preProcessFile(readFileSync(file, 'utf8'), true, true)
    .importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => join(dirname(file), fileName));

/** @returns a map of folder → the folders it imports, both relative to src/platform */
export function folderImports() {
  const imports = new Map();
  for (const file of globSync(`${PLATFORM}/**/*.ts`).sort()) {
    const folder = relative(PLATFORM, dirname(file));
    const imported = imports.get(folder) ?? new Set();
    imports.set(folder, imported);
    if (file.endsWith('.spec.ts')) continue;
    for (const path of importsOf(file)) {
      const other = relative(PLATFORM, dirname(path));
      if (!other.startsWith('..') && other !== folder) imported.add(other);
    }
  }
  return imports;
}

/** @returns folders that import each other in a circle, or undefined */
export function findCycle(imports) {
  const done = new Set();
  const visit = (folder, path) => {
    if (path.includes(folder)) return [...path.slice(path.indexOf(folder)), folder];
    if (done.has(folder)) return undefined;
    for (const next of imports.get(folder) ?? []) {
      const cycle = visit(next, [...path, folder]);
      if (cycle !== undefined) return cycle;
    }
    done.add(folder);
    return undefined;
  };
  for (const folder of imports.keys()) {
    const cycle = visit(folder, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

/** Leaves out an import that follows from others. @param imports without a cycle */
function reduced(imports) {
  const reaches = (from, to) =>
    from === to || [...(imports.get(from) ?? [])].some((next) => reaches(next, to));
  const isImplied = (folder, to) =>
    [...imports.get(folder)].some((other) => other !== to && reaches(other, to));
  return [...imports].map(([folder, all]) => [folder, [...all].filter((to) => !isImplied(folder, to))]);
}

/** @returns a Mermaid flowchart with an arrow from each folder to the folders it is built on */
export function folderGraph(imports) {
  const node = (folder) => `${folder.replaceAll(/\W/g, '_')}["${folder}"]`;
  const edges = reduced(imports).flatMap(([from, all]) => all.map((to) => `  ${node(from)} --> ${node(to)}`));
  return ['flowchart TD', ...edges.sort()].join('\n');
}
