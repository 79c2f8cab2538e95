import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, matchesGlob } from 'node:path';

/** Keywords that do not concern files. */
const SILENT = ['ARG', 'CMD', 'ENV', 'EXPOSE', 'HEALTHCHECK', 'LABEL', 'USER'];

/** Files that git tracks and .dockerignore does not exclude. The last matching pattern decides. */
function contextOf(dockerignore) {
  const patterns = readFileSync(dockerignore, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const covers = (pattern, path) =>
    matchesGlob(path, pattern) || matchesGlob(path, `${pattern}/**`) || (pattern === '*' && path !== '');
  const isIn = (path) =>
    patterns.reduce(
      (isLeft, pattern) => (covers(pattern.replace('!', ''), path) ? pattern.startsWith('!') : isLeft),
      true,
    );
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    encoding: 'utf8',
  });
  return files.split('\0').filter((path) => path !== '' && isIn(path));
}

/** Copies the files of the build context into a separate folder. Nothing else can be copied from then on. */
function makeContext(folder) {
  for (const path of contextOf('.dockerignore')) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(path, join(folder, path));
  }
}

/** How this machine reaches the registry, but not the folder or mode of the npm that started this script. */
const ownEnvironment = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^(npm_(lifecycle|package|command|execpath|node_execpath|config_\w*prefix)|INIT_CWD|NODE_OPTIONS|NODE_ENV)/.test(
          name,
        ),
    ),
  );

const isFolder = (path) => statSync(path).isDirectory();

/** Hard links, because copying thousands of small files would take a minute. */
function linkContents(source, to) {
  mkdirSync(to, { recursive: true });
  execFileSync('cp', ['--archive', '--link', `${source}/.`, to]);
}

/** Executes the steps of a stage in a folder that stands for its root. */
class StageBuild {
  workdir = '/';

  constructor(roots, name, path) {
    this.roots = roots;
    this.path = path;
    this.root = roots[name];
  }

  run(step) {
    if (SILENT.includes(step.keyword)) return;
    const walk = { WORKDIR: this.enter, COPY: this.copy, RUN: this.execute }[step.keyword];
    if (walk === undefined) throw new Error(`The rehearsal does not know ${step.keyword}`);
    walk.call(this, step);
  }

  enter({ text }) {
    this.workdir = text;
    mkdirSync(this.inside('.'), { recursive: true });
  }

  /** Like Docker, copies the contents of a folder, and a file under its own name if the target ends in a slash. */
  copy({ text, flags }) {
    const words = text.split(/\s+/);
    const target = words.pop();
    const to = this.inside(target);
    for (const word of words) {
      const source = join(this.roots[flags.from ?? 'context'], word);
      if (isFolder(source)) linkContents(source, to);
      else cpSync(source, target.endsWith('/') ? join(to, basename(word)) : to);
    }
  }

  execute({ text }) {
    console.log(`  RUN ${text}`);
    if (/(^|\s)\//.test(text)) throw new Error('The rehearsal cannot run what names absolute paths');
    execFileSync('sh', ['-c', text], {
      cwd: this.inside('.'),
      env: { ...ownEnvironment(), PATH: this.path },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }

  inside(path) {
    return path.startsWith('/') ? join(this.root, path) : join(this.root, this.workdir, path);
  }
}

/**
 * Builds every stage.
 * @param path the search path of its commands
 * @returns the working directory of the image
 */
export function build(stages, folder, path) {
  const roots = { context: join(folder, 'context') };
  makeContext(roots.context);
  let stage;
  for (const { base, name, steps } of stages) {
    console.log(`Stage ${name}, from ${base}`);
    roots[name] = join(folder, 'stages', name);
    mkdirSync(roots[name], { recursive: true });
    stage = new StageBuild(roots, name, path);
    for (const step of steps) stage.run(step);
  }
  return stage.inside('.');
}
