import { z } from 'zod';
import { environmentSchema, PRODUCTION_DEFAULTS } from '../dist/config.js';

const HEAD = `# Configuration

Inkwell reads its environment once, when it starts. An invalid value stops the start with one line that names the variable.
An empty value counts as unset. \`npm run generate\` generates this page from the schema in \`src/config.ts\`.

| variable | values | default | meaning |
|---|---|---|---|
`;

const describe = (schema, io) => z.toJSONSchema(schema, { io, unrepresentable: 'any' });

const code = (value) => `\`${value}\``;

const rangeOf = ({ minimum, maximum }) =>
  minimum === undefined || maximum === undefined ? '' : `, ${minimum} to ${maximum}`;

/** The allowed values, from the output of the schema, or from its input if the output has no JSON schema. */
function valuesOf({ output, input }) {
  if (output.enum !== undefined) return output.enum.map(code).join(', ');
  if (input.enum !== undefined) return input.enum.map(code).join(', ');
  if (output.type === 'array') return 'list, comma-separated';
  if (output.type === 'integer') return `whole number${rangeOf(output)}`;
  if (output.type === 'number') return `number${rangeOf(output)}`;
  return output.format === 'uri' ? 'URL' : 'text';
}

function defaultOf({ output }) {
  if (output.default === undefined) return 'none';
  const text = String(output.default);
  return text === '' ? 'none' : code(text);
}

const inProduction = (name) =>
  name in PRODUCTION_DEFAULTS ? `; production: ${code(PRODUCTION_DEFAULTS[name])}` : '';

function row([name, schema]) {
  const forms = { output: describe(schema, 'output'), input: describe(schema, 'input') };
  const cells = [code(name), valuesOf(forms), defaultOf(forms) + inProduction(name), schema.description];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
}

/** docs/configuration.md: every variable with its values, default and meaning. */
export const configurationDocument = () => HEAD + Object.entries(environmentSchema.shape).map(row).join('');
