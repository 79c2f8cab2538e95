// Builds dist/ when it is missing or older than anything it is made from, so that `npm start` is quick the second time.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';

// A production install has neither the compiler nor a need for it: it ships dist/.
if (!existsSync('node_modules/@nestjs/cli')) process.exit(0);

const newest = (paths) => Math.max(0, ...paths.map((path) => statSync(path).mtimeMs));
const sources = [
  ...readdirSync('src', { recursive: true }).map((path) => `src/${path}`),
  ...['package-lock.json', 'nest-cli.json', '.swcrc', 'tsconfig.json', 'tsconfig.build.json'],
];
const builtAtMs = existsSync('dist/main.js') ? statSync('dist/main.js').mtimeMs : 0;
if (builtAtMs < newest(sources)) {
  execFileSync('node', ['node_modules/@nestjs/cli/bin/nest.js', 'build'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
