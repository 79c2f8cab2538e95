import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Explored } from './exploration/exploration.js';
import type { Limits, Protection } from './exploration/limits.js';

const run = promisify(execFile);
const BUILD = '.cache/exploration';
const TIMEOUT_MS = 300_000;

/** Not within Jest, whose contexts make it many times slower. */
async function explore(
  limits: Limits,
  without?: Protection,
  start: readonly string[] = [],
): Promise<Explored> {
  const task = JSON.stringify({ limits, without, start });
  const { stdout } = await run(process.execPath, [`${BUILD}/test/coherence/exploration/main.js`, task]);
  return JSON.parse(stdout) as Explored;
}

const ONE_WRITE: Limits = { writes: 1, ticks: 3, polls: 1, loads: 1, crashes: 0 };
const TWO_WRITES: Limits = { ...ONE_WRITE, writes: 2, ticks: 2 };
const TWO_POLLS: Limits = { ...ONE_WRITE, writes: 2, polls: 2, loads: 0 };
const A_CRASH: Limits = { ...ONE_WRITE, polls: 2, crashes: 1 };
const THREE_POLLS: Limits = { ...A_CRASH, polls: 3 };
/** The reply to the first poll of a history is under way: a commit is announced before it comes. */
const UNTIL_NOTICED = [
  ...['crash', 'send', 'join', 'register', 'poll'],
  ...['load', 'write', 'commit 0', 'announce 0', 'notice 0'],
];
const A_WRITE_AFTER_A_CRASH: Limits = { ...ONE_WRITE, writes: 2, crashes: 1 };

beforeAll(async () => {
  const program = 'node_modules/@swc/cli/bin/swc.js';
  const folders = ['src', 'test/coherence/exploration'];
  await run(process.execPath, [program, ...folders, '--out-dir', BUILD, '--delete-dir-on-start', '--quiet']);
}, TIMEOUT_MS);

describe('the protocol, in every order of events', () => {
  it.each([
    ['one write', ONE_WRITE, 4_900],
    ['two writes', TWO_WRITES, 83_000],
    ['a crash of PostgreSQL', A_CRASH, 85_000],
  ])(
    'serves nothing from before an answered write: %s',
    async (_, limits, least) => {
      const { worlds, violation } = await explore(limits);
      expect(violation).toBeUndefined();
      expect(worlds).toBeGreaterThan(least);
    },
    TIMEOUT_MS,
  );

  it('serves nothing from before a write that was announced before the first reply of its history', async () => {
    expect((await explore(THREE_POLLS, undefined, UNTIL_NOTICED)).violation).toBeUndefined();
  });

  it.each<[Protection, Limits, string[]]>([
    ['wait for acknowledgements', ONE_WRITE, []],
    ['lease', ONE_WRITE, []],
    ['snapshot check when storing', ONE_WRITE, []],
    ['registration before the poll', ONE_WRITE, []],
    ['difference by snapshot', TWO_POLLS, ['write', 'send', 'register', 'poll', 'commit 0']],
    ['age of the history', A_CRASH, []],
    ['epoch', A_WRITE_AFTER_A_CRASH, ['write', 'abort 0', 'load', 'crash']],
    ['recording before the first reply', THREE_POLLS, UNTIL_NOTICED],
  ])(
    'would serve it without: %s',
    async (protection, limits, start) => {
      expect((await explore(limits, protection, start)).violation).toBeDefined();
    },
    TIMEOUT_MS,
  );
});
