import { describe, expect, it } from '@jest/globals';
import { runInkwell } from '../support/run-inkwell.js';

const COMMANDS = [
  ['serve'],
  ['migrate'],
  ['import'],
  ['export'],
  ['seed'],
  ['user'],
  ['user', 'promote'],
  ['user', 'reset-password'],
];

describe('inkwell', () => {
  it('lists its commands and its exit codes with --help', async () => {
    const { code, stdout, stderr } = await runInkwell(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    for (const [command] of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    expect(stdout).toContain('Exit codes: 0 done, 1 failed, 2 wrong use.');
  });

  it.each(COMMANDS)('explains %s %s with --help', async (...words) => {
    const command = words.filter((word) => typeof word === 'string');
    const { code, stdout, stderr } = await runInkwell([...command, '--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`Usage: inkwell ${command.join(' ')}`);
  });

  it.each([
    ['no command', [], 'Usage: inkwell'],
    ['an unknown command', ['publish'], "unknown command 'publish'"],
    ['an unknown option', ['migrate', '--fast'], "unknown option '--fast'"],
    ['a missing path', ['import'], "missing required argument 'path'"],
    ['too many paths', ['import', 'a', 'b'], 'too many arguments'],
    ['a number that is none', ['seed', '--posts', 'many'], 'It must be a whole number from 0 to 10000000.'],
    ['a number out of range', ['seed', '--users', '0'], 'It must be a whole number from 1 to 100000.'],
    ['no role', ['user', 'promote', 'jane'], "required option '--role <role>' not specified"],
    [
      'an unknown role',
      ['user', 'promote', 'jane', '--role', 'king'],
      'Allowed choices are reader, author, admin.',
    ],
    ['a group without its command', ['user'], 'Usage: inkwell user'],
  ])('answers %s with exit code 2', async (_, words, reason) => {
    const { code, stdout, stderr } = await runInkwell(words);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(reason);
  });

  it.each([
    [
      'a wrong environment',
      { DATABASE_POOL_MAX: 'lots' },
      /^Inkwell cannot start: DATABASE_POOL_MAX: [^\n]+\n$/,
    ],
    [
      'a database that cannot be reached',
      { DATABASE_URL: 'postgres://x@127.0.0.1:1/x' },
      /^PostgreSQL cannot be reached: connect ECONNREFUSED 127\.0\.0\.1:1\n$/,
    ],
  ])('says in one line what is wrong with %s', async (_, environment, line) => {
    for (const words of [['seed'], ['migrate'], ['user', 'reset-password', 'jane']]) {
      const { code, stdout, stderr } = await runInkwell(words, environment);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(line);
    }
  });
});
