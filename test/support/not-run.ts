import { appendFileSync } from 'node:fs';

/** Adds a line to the end of the run's output: what this machine or this user cannot test. */
export function sayNotRun(line: string): void {
  appendFileSync(process.env['TEST_NOT_RUN_FILE']!, `${line}\n`);
}
