import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The measurements of test/cache/flood.js, which runs in a separate process. */
export async function flood<Measured>(...words: string[]): Promise<Measured> {
  const node = ['--expose-gc', 'test/cache/flood.js', ...words];
  const { stdout } = await promisify(execFile)(process.execPath, node);
  return JSON.parse(stdout) as Measured;
}
