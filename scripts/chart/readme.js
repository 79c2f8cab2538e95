import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const HEAD = `# helm/inkwell

The Helm chart of Inkwell, for Kubernetes 1.30 or newer and Helm 3 or 4. [docs/kubernetes.md](../../docs/kubernetes.md)
describes how to install, upgrade and roll back. [ci/](ci/) has example values for several cases, and the tests render all of them.

The chart refuses three kinds of values: unknown ones, those that Inkwell would refuse at its start, and those that contradict each
other. Examples of the last kind are more database sessions than PostgreSQL allows, less memory than cache and process need, a grace
period shorter than the shutdown, and an ingress without trusted proxies.

\`npm run generate\` generates this page from the comments in \`values.yaml\`.

| value | default | meaning |
|---|---|---|
`;

const LEVEL = 2;

/** The commented values of a values.yaml, in its order: a comment that begins with two dashes describes the next key. */
function describedValues(text) {
  const path = [];
  let description;
  const values = [];
  for (const line of text.split('\n')) {
    const comment = /^ *# (-- )?(.*)$/.exec(line);
    if (comment !== null) {
      if (comment[1] !== undefined) description = comment[2];
      else if (description !== undefined) description += ` ${comment[2]}`;
      continue;
    }
    const key = /^( *)([A-Za-z]\w*):/.exec(line);
    if (key !== null) {
      path.splice(key[1].length / LEVEL, Infinity, key[2]);
      if (description !== undefined) values.push({ path: [...path], description });
    }
    description = undefined;
  }
  return values;
}

const cell = (text) => text.replaceAll('|', '\\|');

/** helm/inkwell/README.md: every value with its default and meaning. */
export function chartReadme() {
  const text = readFileSync('helm/inkwell/values.yaml', 'utf8');
  const defaults = parse(text);
  const row = ({ path, description }) => {
    const value = path.reduce((at, key) => at[key], defaults);
    return `| \`${path.join('.')}\` | \`${cell(JSON.stringify(value))}\` | ${cell(description)} |\n`;
  };
  return HEAD + describedValues(text).map(row).join('');
}
