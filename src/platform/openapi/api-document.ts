import { readFileSync } from 'node:fs';

/**
 * `npm run generate` creates the document from the schemas and the comments of the handlers. `npm run check` fails if
 * it is out of date.
 */
export const apiDocumentText = readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8');
