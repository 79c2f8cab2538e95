import type { DestinationStream } from 'pino';

const COLORS: Readonly<Record<string, number>> = { fatal: 31, error: 31, warn: 33, debug: 90 };
/** Members that the line already shows, or that do not help at a terminal. */
const SHOWN_ELSEWHERE = new Set([
  'level',
  'time',
  'pid',
  'context',
  'msg',
  'error',
  'request_id',
  'trace_id',
]);

/** C0 and C1 controls except tab. A terminal would obey them, and a line break could forge a line. */

const CONTROLS = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029]/g;

const escaped = (text: string): string =>
  text.replace(CONTROLS, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);

interface Line {
  readonly level: string;
  readonly time: string;
  readonly context?: string;
  readonly msg?: string;
  readonly error?: { readonly stack?: string };
  readonly [member: string]: unknown;
}

const membersOf = (line: Line): string =>
  Object.entries(line)
    .filter(([name]) => !SHOWN_ELSEWHERE.has(name))
    .map(([name, value]) => ` ${name}=${escaped(String(value))}`)
    .join('');

/** Continuation lines are indented, so that none of them looks like a log line. */
const stackOf = ({ error }: Line): string =>
  (error?.stack ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `    ${escaped(line.trim())}\n`)
    .join('');

/** @returns `14:02:11 warn  [Redis] Redis cannot be reached: …` */
function readable(json: string, isColored: boolean): string {
  const line = JSON.parse(json) as Line;
  const level = line.level.padEnd(5);
  const color = COLORS[line.level];
  const shown = isColored && color !== undefined ? `\u001b[${color}m${level}\u001b[39m` : level;
  const time = new Date(line.time).toTimeString().slice(0, 8);
  const context = line.context === undefined ? '' : `[${escaped(line.context)}] `;
  return `${time} ${shown} ${context}${escaped(line.msg ?? '')}${membersOf(line)}\n${stackOf(line)}`;
}

/** Formats pino's JSON for people. */
export function readableLines(output: NodeJS.WriteStream): DestinationStream {
  // Taken before `letOnlyTheLogWrite` replaces it.
  const write = output.write.bind(output);
  return { write: (json) => write(readable(json, output.isTTY && process.env['NO_COLOR'] === undefined)) };
}
