import { readFileSync } from 'node:fs';

/** Made from the schemas and the comments of the handlers by `npm run generate`; `npm run check` fails when it is old. */
export const apiDocumentText = readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8');
