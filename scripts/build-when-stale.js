// Builds dist/ if it is missing or older than its sources, so that `npm start` is fast the second time.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';

// A production install has no compiler and needs none, because it ships dist/.
if (!existsSync('node_modules/@nestjs/cli')) process.exit(0);

/**
 * The packages in runtime/ for all platforms have a program `node`: npm 10 removes its link together with those of
 * other platforms.
 */
function linkNode() {
  const link = 'node_modules/.bin/node';
  const name = readdirSync('node_modules').find((each) => /^node-(bin-)?(linux|darwin)-/.test(each));
  if (name === undefined || existsSync(link)) return;
  rmSync(link, { force: true });
  symlinkSync(`../${name}/bin/node`, link);
}

const newest = (paths) => Math.max(0, ...paths.map((path) => statSync(path).mtimeMs));

function isStale() {
  const sources = [
    ...readdirSync('src', { recursive: true }).map((path) => `src/${path}`),
    ...['package-lock.json', 'nest-cli.json', '.swcrc', 'tsconfig.json', 'tsconfig.build.json'],
  ];
  return !existsSync('dist/main.js') || statSync('dist/main.js').mtimeMs < newest(sources);
}

function isWritable(path) {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Its standard error shows why it fails. */
function run(...words) {
  const { status } = spawnSync('node', words, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}

linkNode();
if (isStale()) {
  if (!['.', 'dist'].every((path) => !existsSync(path) || isWritable(path))) {
    console.error(
      `dist/ is missing or older than src/, and this user may not write it in ${process.cwd()}: run "npm run build" as its owner`,
    );
    process.exit(1);
  }
  run('node_modules/@nestjs/cli/bin/nest.js', 'build');
  run('scripts/build-studio.js');
  run('scripts/name-build.js', 'dist');
}
