import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, string | number>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly 'timeout-minutes': number;
  readonly steps: readonly Step[];
}

export interface Workflow {
  readonly on: unknown;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Compose {
  readonly services: Readonly<Record<string, { readonly image: string; readonly ports?: readonly string[] }>>;
}

const NPM_CI = /^npm ci$/;
const APT_UPDATE = /^sudo apt-get update -qq$/;

/** An installation of Debian packages whose services do not start. */
const install = (...packages: readonly string[]): RegExp =>
  new RegExp(`^sudo RUNLEVEL=1 apt-get install -y .*${packages.map((name) => `(?=.* ${name}\\b)`).join('')}`);

/** The commands of each job, in this order. */
const COMMANDS: Readonly<Record<string, readonly RegExp[]>> = {
  check: [NPM_CI, /^npm run check$/],
  test: [APT_UPDATE, install('redis-server', 'haproxy', 'prometheus'), NPM_CI, /^npm test$/],
  chart: [APT_UPDATE, install('redis-server', 'prometheus'), NPM_CI, /^npm test -- test\/chart$/],
  image: [
    ...[NPM_CI, /^npm run rehearse-image$/, /^docker build (?=.*--build-arg VERSION=)(?=.*REVISION=).* \.$/],
    /^docker compose up --no-build (?=.*--wait ).* inkwell$/,
    ...[/^curl --fail .*\/readyz$/, /^docker compose stop inkwell$/],
    ...[/^test "\$\(docker compose ps --all .*ExitCode.* inkwell\)" = 0$/, /^docker compose logs$/],
  ],
};

const read = (path: string): string => readFileSync(path, 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
const runtime = JSON.parse(read('runtime/package.json')) as { version: string };
const { services } = parse(read('compose.yaml')) as Compose;
const dockerfile = read('Dockerfile');
const NODE = runtime.version.split('.')[0]!;

const commandsOf = ({ run = '' }: Step): string[] => run.split('\n').filter((line) => line !== '');

/** @returns what is wrong with the workflow; nothing when it does what it is for */
export function complaintsAbout(workflow: Workflow): string[] {
  const { on, permissions, jobs } = workflow;
  const started = { push: { branches: ['main'], tags: ['v*'] }, pull_request: null };
  return [
    ...(JSON.stringify(on) === JSON.stringify(started) ? [] : ['It starts at other times']),
    ...(JSON.stringify(permissions) === '{"contents":"read"}' ? [] : ['It may do more than read']),
    ...Object.keys(COMMANDS).flatMap((name) => (name in jobs ? [] : [`There is no job ${name}`])),
    ...Object.entries(jobs).flatMap(([name, job]) =>
      [
        ...aboutTime(job),
        ...aboutPreparation(job.steps),
        ...aboutOrder(COMMANDS[name] ?? [], job.steps),
        ...job.steps.flatMap((step) => [...aboutAction(step), ...aboutCommands(step)]),
        ...aboutHelm(job.steps),
        ...aboutImage(job.steps),
      ].map((complaint) => `${name}: ${complaint}`),
    ),
  ];
}

const aboutTime = ({ 'timeout-minutes': minutes }: Job): string[] =>
  minutes <= 30 ? [] : [`${minutes} minutes are too long`];

/** A checkout, then the Node of runtime/. */
function aboutPreparation([first, second]: readonly Step[]): string[] {
  const { 'node-version': version, cache } = second?.with ?? {};
  return [
    ...(first?.uses?.startsWith('actions/checkout@') === true ? [] : ['It does not begin with a checkout']),
    ...(second?.uses?.startsWith('actions/setup-node@') === true ? [] : ['It does not set up Node']),
    ...(String(version) === NODE ? [] : [`Its Node is ${version}, that of runtime/ ${NODE}`]),
    ...(cache === 'npm' ? [] : ['It does not cache packages']),
  ];
}

function aboutOrder(wanted: readonly RegExp[], steps: readonly Step[]): string[] {
  const commands = steps.flatMap(commandsOf);
  return [
    ...wanted.flatMap((pattern, i) =>
      pattern.test(commands[i] ?? '') ? [] : [`Command ${i + 1} is not ${pattern}`],
    ),
    ...commands.slice(wanted.length).map((command) => `Nobody knows what it does: ${command}`),
  ];
}

/** The tests of the chart bring a Helm, which is kept until they bring another one. */
function aboutHelm(steps: readonly Step[]): string[] {
  if (!steps.flatMap(commandsOf).some((command) => command.includes('test/chart'))) return [];
  const cache = steps.find(({ uses = '' }) => uses.startsWith('actions/cache@'))?.with ?? {};
  const hashed = /hashFiles\('(.*?)'\)/.exec(String(cache['key']))?.[1];
  return [
    ...(hashed === 'test/chart/provide-helm.ts' ? [] : ['Its cache is not of the Helm that the tests bring']),
    ...(cache['path'] === '.cache/helm' ? [] : ['Its cache is not where the tests bring Helm to']),
  ];
}

const aboutAction = ({ uses }: Step): string[] =>
  uses === undefined || /^actions\/[\w-]+@v\d+$/.test(uses) ? [] : [`${uses} is no version of an action`];

function aboutCommands(step: Step): string[] {
  const { run = '', env = {} } = step;
  const isTest = /^npm test\b/m.test(run);
  return [
    ...syntaxErrors(run),
    ...[...run.matchAll(/npm (?:run )?(?!ci\b|run\b)([\w:-]+)/g)].flatMap(([, name]) =>
      name! in scripts ? [] : [`package.json has no script ${name}`],
    ),
    ...[...run.matchAll(/npm test -- (\S+)/g)].flatMap(([, path]) =>
      existsSync(path!) ? [] : [`There is no ${path}`],
    ),
    ...(!isTest || projectsWith(env).includes('operate') ? [] : ['It leaves out what needs Prometheus']),
    ...(run !== 'npm test' || projectsWith(env).includes('browser')
      ? []
      : ['It leaves out what needs a browser']),
    ...(/^docker compose logs/.test(run) && step.if !== 'failure()' ? ['It prints logs of success'] : []),
  ];
}

/** Programs are asked once about the same. */
function remembering<Given, Answer>(ask: (given: Given) => Answer): (given: Given) => Answer {
  const answers = new Map<Given, Answer>();
  return (given) => {
    const answer = answers.get(given) ?? ask(given);
    answers.set(given, answer);
    return answer;
  };
}

const syntaxErrors = remembering((script: string): string[] => {
  const { status, stderr } = spawnSync('bash', ['-n', '-c', script], { encoding: 'utf8' });
  return status === 0 ? [] : [stderr];
});

/** The groups of tests that Jest would run. */
const projectsWith = remembering((env: Readonly<Record<string, string>>): string[] => {
  const code = `import config from './jest.config.js';
    console.log(JSON.stringify(config.projects.map(({ displayName }) => displayName)))`;
  const { PATH } = process.env;
  const given = { PATH, ...env, NODE_OPTIONS: '' };
  const answer = execFileSync(process.execPath, ['--input-type=module', '--eval', code], { env: given });
  return JSON.parse(answer.toString()) as string[];
});

/** The image that is built is the one that compose starts, with the arguments that its Dockerfile has. */
function aboutImage(steps: readonly Step[]): string[] {
  const commands = steps.flatMap(commandsOf).join('\n');
  const tag = /--tag (\S+)/.exec(commands)?.[1];
  const { image, ports = [] } = services['inkwell']!;
  const port = /localhost:(\d+)\//.exec(commands)?.[1];
  return [
    ...[...commands.matchAll(/--build-arg (\w+)=/g)].flatMap(([, name]) =>
      dockerfile.includes(`ARG ${name}=`) ? [] : [`The Dockerfile has no argument ${name}`],
    ),
    ...steps
      .filter(({ run = '' }) => run.includes('docker compose'))
      .map(({ env = {} }) => image.replace(/\$\{VERSION:-.*\}/, env['VERSION'] ?? 'development'))
      .flatMap((started) => (started === tag ? [] : [`It builds ${tag} and starts ${started}`])),
    ...(port === undefined || ports.some((each) => each.includes(`:${port}:`))
      ? []
      : [`Nobody listens on ${port}`]),
    ...[...dockerfile.matchAll(/^FROM node:(\d+)/gm)].flatMap(([, version]) =>
      version === NODE ? [] : [`The image has Node ${version}, runtime/ ${NODE}`],
    ),
  ];
}
