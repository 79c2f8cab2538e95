import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { COMPILED } from './compiled.js';

export interface Finished {
  /** Null if a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Environment = Readonly<Record<string, string>>;

/** The command line as shipped, in a separate process: `dist`, which `npm test` builds first. */
export function startInkwellCommand(
  words: readonly string[],
  environment: Environment = {},
  stdin: 'ignore' | 'pipe' = 'ignore',
): ChildProcess {
  const { PATH, HOME } = process.env;
  return spawn(process.execPath, ['dist/cli/main.js', ...words], {
    // Keeps out the machine's own configuration.
    env: { PATH, HOME, ...COMPILED, NODE_ENV: 'test', ...environment },
    stdio: [stdin, 'pipe', 'pipe'],
  });
}

/**
 * Runs a command until it ends.
 * @param words the arguments after `inkwell`
 * @param input its standard input
 */
export async function runInkwell(
  words: readonly string[],
  environment: Environment = {},
  input = '',
): Promise<Finished> {
  const child = startInkwellCommand(words, environment, 'pipe');
  // A command that reads no input ends without it.
  child.stdin?.on('error', () => undefined).end(input);
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}
