import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { runInkwell } from '../support/run-inkwell.js';

const COMMANDS = [
  ['serve'],
  ['migrate'],
  ['import'],
  ['export'],
  ['seed'],
  ['user'],
  ['user', 'create'],
  ['user', 'list'],
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

  it('says its version with --version', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await runInkwell(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('says on an old Node which one it needs', async () => {
    const old = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } })`;
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(old)}`;
    expect(await runInkwell(['user', 'list'], { NODE_OPTIONS })).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'Inkwell needs Node 22 or newer, and recommends Node 24; this is 20.19.0. "npm start" and "npm run inkwell" bring their own.\n',
    });
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
    ['no role of a new account', ['user', 'create', 'jane'], "required option '--role <role>' not specified"],
    [
      'a name that nobody may register',
      ['user', 'create', 'admin', '--role', 'admin'],
      'the name "admin" is reserved',
    ],
    [
      'an e-mail address that is none',
      ['user', 'create', 'jane', '--role', 'admin', '--email', 'jane'],
      'the e-mail "jane" must be an e-mail address',
    ],
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
    'README.md',
    'compose.yaml',
    'docs/kubernetes.md',
    'docs/operations.md',
    'helm/inkwell/templates/NOTES.txt',
    'src/welcome/posts/20-from-laptop-to-production.md',
  ])('makes the first administrator as %s says, which registers nobody', (file) => {
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('user create NAME --role admin');
    expect(text).not.toContain('user promote NAME --role admin');
  });

  it.each([
    [
      'a wrong environment',
      { DATABASE_POOL_MAX: 'lots' },
      /^Inkwell cannot start: DATABASE_POOL_MAX: [^\n]+\n$/,
    ],
    [
      'a database that cannot be reached',
      { DATABASE_URL: 'postgres://x@127.0.0.1:1/x', STARTUP_DEADLINE_SECONDS: '0' },
      /^[^\n]*PostgreSQL [^\n]*: connect ECONNREFUSED 127\.0\.0\.1:1\n$/,
    ],
  ])('says in one line what is wrong with %s', async (_, environment, line) => {
    for (const words of [['seed'], ['migrate'], ['user', 'reset-password', 'jane']]) {
      const { code, stdout, stderr } = await runInkwell(words, environment);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(line);
    }
  });
});
