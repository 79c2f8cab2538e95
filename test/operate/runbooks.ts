import { readdirSync, readFileSync } from 'node:fs';
import { blocksOf } from '../support/pages.js';

/** A page of docs/runbooks, and the actions it describes. */
export interface Runbook {
  readonly name: string;
  readonly text: string;
}

const FOLDER = 'docs/runbooks';

export const runbooks: readonly Runbook[] = readdirSync(FOLDER).map((file) => ({
  name: file.replace('.md', ''),
  text: readFileSync(`${FOLDER}/${file}`, 'utf8'),
}));

/** Text in backticks in the prose. */
export const spansOf = (text: string): string[] =>
  [...text.replaceAll(/```[^]*?```/g, '').matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);

export const linesOf = (text: string, language: string): string[] =>
  blocksOf(text, language).flatMap((block) => block.split('\n'));

const SQL = /^(SELECT|ANALYZE|VACUUM)\b/;

/** Statements from code blocks and prose. */
export const statementsOf = ({ text }: Runbook): string[] => [
  ...linesOf(text, 'sql'),
  ...spansOf(text).filter((span) => SQL.test(span)),
];

/** `GET /path`, with ID and DELIVERY as placeholders. */
export const callsOf = ({ text }: Runbook): string[] =>
  spansOf(text).filter((span) => /^(GET|POST|PUT|PATCH|DELETE) \//.test(span));

/** All programs mentioned, wherever they are to be run. */
const PROGRAMS = /^(inkwell|node|npm|npx|curl|wget|sh|bash|psql|redis-cli|df|kubectl|helm|docker)( |$)/;

export const commandsOf = ({ text }: Runbook): string[] => [
  ...linesOf(text, 'sh'),
  ...spansOf(text).filter((span) => PROGRAMS.test(span)),
];
