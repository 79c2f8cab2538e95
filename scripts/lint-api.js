// Checks docs/openapi.json against the rules of scripts/openapi/spectral-rules.js. Also fails on warnings.
import spectral from '@stoplight/spectral-core';
import parsers from '@stoplight/spectral-parsers';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { spectralRules } from './openapi/spectral-rules.js';

const PATH = resolve('docs/openapi.json');

const linter = new spectral.Spectral();
// Overrides name the document by its path relative to the rules.
linter.setRuleset(new spectral.Ruleset(spectralRules, { source: resolve('rules.js') }));
const results = await linter.run(new spectral.Document(readFileSync(PATH, 'utf8'), parsers.Json, PATH));

for (const { range, code, message } of results)
  console.error(`docs/openapi.json:${range.start.line + 1}: ${message} (${code})`);
process.exitCode = results.length === 0 ? 0 : 1;
