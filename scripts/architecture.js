// Checks the rules about folders and modules (docs/architecture.md).
// --graph writes the graph of the platform's folders into docs/architecture.md.
// --ways prints how many files one hit, one routed miss and one PATCH pass through. --files lists them.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { architectureDocument } from './architecture/document.js';
import { findCycle, folderImports } from './architecture/folders.js';
import { foreignProviders } from './architecture/providers.js';

const cycle = findCycle(folderImports());
const complaints = [
  ...(cycle === undefined ? [] : [`Folders of src/platform import each other: ${cycle.join(' → ')}`]),
  ...foreignProviders(),
];
for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exit(1);
console.log('No folder of the platform is in a cycle, and every module provides its own classes.');

const given = process.argv.slice(2);
if (given.includes('--graph')) writeFileSync('docs/architecture.md', architectureDocument());
if (given.includes('--ways')) {
  const rest = given.filter((argument) => argument !== '--ways' && argument !== '--graph');
  const script = 'scripts/architecture/request-ways.js';
  const { status } = spawnSync(process.execPath, [script, ...rest], { stdio: 'inherit' });
  process.exit(status ?? 1);
}
