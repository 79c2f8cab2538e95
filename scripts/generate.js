// Writes the files that are generated from the source. With --check it writes nothing, and fails if one of them is out
// of date.
import { readFileSync, writeFileSync } from 'node:fs';
import { architectureDocument } from './architecture/document.js';
import { dashboard } from './chart/dashboard.js';
import { chartReadme } from './chart/readme.js';
import { valuesSchema } from './chart/values-schema.js';
import { clientSchema } from './client-schema.js';
import { configurationDocument } from './configuration-document.js';
import { lockFile } from './lock-file.js';
import { openApiDocument } from './openapi/document.js';
import { passwordStrengthData } from './password-strength-data.js';
import { problemsDocument } from './problems-document.js';

const openApi = await openApiDocument();
const files = new Map([
  ['package-lock.json', lockFile()],
  ['docs/architecture.md', architectureDocument()],
  ['docs/configuration.md', configurationDocument()],
  ['src/platform/passwords/strength-data.json', passwordStrengthData()],
  ['docs/problems.md', problemsDocument()],
  ['docs/openapi.json', openApi],
  ['client/schema.d.ts', await clientSchema(openApi)],
  ['helm/inkwell/files/dashboard.json', dashboard()],
  ['helm/inkwell/README.md', chartReadme()],
  ['helm/inkwell/values.schema.json', valuesSchema()],
]);

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
process.exit(0);
