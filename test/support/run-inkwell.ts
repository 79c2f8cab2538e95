import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Finished {
  /** null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Environment = Readonly<Record<string, string>>;

/** The command line as it is shipped, in a process of its own: `dist`, which `npm test` builds first. */
export function startInkwellCommand(words: readonly string[], environment: Environment = {}): ChildProcess {
  const { PATH, HOME } = process.env;
  return spawn(process.execPath, ['dist/cli/main.js', ...words], {
    // Nothing of the machine's own configuration gets in.
    env: { PATH, HOME, NODE_ENV: 'test', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs a command to its end. @param words what stands behind `inkwell` */
export async function runInkwell(words: readonly string[], environment: Environment = {}): Promise<Finished> {
  const child = startInkwellCommand(words, environment);
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}
