import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const PROGRAM = `
import { Slowness } from './test/support/slowness.ts';
const slowness = new Slowness();
setTimeout(() => console.log('running'), 300);
process.stdin.once('data', async () => {
  console.log((await slowness.end()) ?? 'It kept up.');
  process.exit();
});`;

/** @param ms how long the process gets no CPU */
async function saidAfter(ms: number): Promise<string> {
  const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '--eval', PROGRAM], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGSTOP');
  await sleep(ms);
  child.kill('SIGCONT');
  // The late timer must fire before the result is read.
  await sleep(300);
  child.stdin.write('\n');
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  await once(child, 'exit');
  return said.toString();
}

describe('Slowness', () => {
  it('says for how long the machine had no time', async () => {
    expect(await saidAfter(1_500)).toMatch(
      /^The machine was too slow for \d+\.\d s: what came too late then may be its doing, not the program's\.\n$/,
    );
  });
});
