import { readFileSync } from 'node:fs';
import { folderGraph, folderImports } from './folders.js';

const PATH = 'docs/architecture.md';
const DRAWN = /```mermaid\n[\s\S]*?\n```/;

/** @returns docs/architecture.md with the graph of today */
export function architectureDocument() {
  const graph = folderGraph(folderImports());
  return readFileSync(PATH, 'utf8').replace(DRAWN, () => `\`\`\`mermaid\n${graph}\n\`\`\``);
}
