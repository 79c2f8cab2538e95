import { PROBLEM_TYPES } from '../dist/platform/errors/problem-types.js';

const HEAD = `# Problems

Errors are problem documents (RFC 9457, \`application/problem+json\`). Their \`code\` is stable, so programs should check it.
Their \`type\` is \`/problems#<code>\`, which leads to this list on the server itself. \`detail\` describes the single occurrence.
\`npm run generate\` generates this page from \`src/platform/errors/problem-types.ts\`.

| code | status | title | meaning |
|---|---|---|---|
`;

const row = ([code, { status, title, detail }]) => `| \`${code}\` | ${status} | ${title} | ${detail} |\n`;

/** docs/problems.md: what each code means. */
export const problemsDocument = () =>
  HEAD + Object.entries(PROBLEM_TYPES).map(row).join('').replaceAll('<token>', '&lt;token&gt;');
