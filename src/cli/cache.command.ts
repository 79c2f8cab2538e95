import { type Command, InvalidArgumentError } from 'commander';
import type { z } from 'zod';
import { Config } from '../config.js';
import {
  type CacheExplanation,
  explainQuerySchema,
  explanationSchema,
  purgeSchema,
} from '../platform/responses/inspect/cache.schemas.js';
import { askInstance, runningInstance } from './ask-instance.js';
import { explanationText } from './explanation-text.js';
import { withApp, withRoutes } from './with-app.js';

interface PurgeOptions {
  readonly tag?: string;
  readonly path?: string;
  readonly all?: true;
  readonly json?: true;
}

interface ExplainOptions {
  readonly url?: string;
  readonly json?: true;
}

const print = (document: unknown): void =>
  void process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);

async function purge({ json, ...target }: PurgeOptions, command: Command): Promise<void> {
  if (Object.keys(target).length !== 1) return refuse(command, 'give exactly one of --tag, --path and --all');
  const parsed = purgeSchema.safeParse(target);
  if (!parsed.success) return refuse(command, reasonOf(parsed.error));
  const { CachePurger } = await import('../platform/responses/inspect/cache-purger.js');
  const { tags } = await withApp((app) => app.get(CachePurger).purge(parsed.data));
  if (json === true) return print({ tags });
  const what = target.all === true ? 'everything' : `entries with the tag ${tags.join(' ')}`;
  process.stdout.write(
    `Purged ${what}: every process on this database evicts it, and discards older copies in Redis.\n`,
  );
}

async function explain(path: string, options: ExplainOptions, command: Command): Promise<void> {
  const parsed = explainQuerySchema.safeParse({ path });
  if (!parsed.success) return refuse(command, reasonOf(parsed.error));
  const config = Config.from(process.env);
  const asked = options.url ?? runningInstance(config) ?? null;
  const explanation =
    asked === null ? await withoutInstance(parsed.data.path) : await askFor(parsed.data.path, asked, config);
  if (options.json === true) return print({ asked, ...explanation });
  if (asked === null) process.stdout.write(`${noteOf(config)}\n\n`);
  process.stdout.write(explanationText(explanation));
}

async function withoutInstance(path: string): Promise<CacheExplanation> {
  const { CacheExplainer } = await import('../platform/responses/inspect/cache-explainer.js');
  return withRoutes((app) => app.get(CacheExplainer).explain(path));
}

async function askFor(path: string, url: string, config: Config): Promise<CacheExplanation> {
  const answer = await askInstance(url, `api/cache/explain?path=${encodeURIComponent(path)}`, config);
  const parsed = explanationSchema.safeParse(answer);
  if (!parsed.success) throw new Error(`${url} does not run this version of Inkwell`);
  return parsed.data;
}

const noteOf = ({ databaseUrl, dataDir }: Config): string =>
  databaseUrl === undefined
    ? `No process is running on ${dataDir}. This is what Redis and the outbox hold.`
    : 'No process was asked (use --url to ask one). This is what Redis and the outbox hold.';

const refuse = (command: Command, reason: string): never =>
  command.error(`error: ${reason}`, { exitCode: 2 });

const reasonOf = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ');

function httpUrl(text: string): string {
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? ''))
    throw new InvalidArgumentError('It must be an http:// or https:// URL.');
  return text;
}

const EXPLAIN_MORE = `
PATH is the path of a URL with its query, e.g. '/blog/api/posts?limit=5', or the whole URL. The command asks the
instance that is running on DATA_DIR. With --url, it asks another one, which must have the same AUTH_SECRET.`;

export function addCache(program: Command): void {
  const cache = program.command('cache').description('inspect and purge the response cache');
  cache
    .command('purge')
    .description('purge cached answers in every process, after data was changed outside of Inkwell')
    .option(
      '--tag <tag>',
      'answers that show this, e.g. post:5 (`cache explain` lists the tags of an answer)',
    )
    .option('--path <path>', 'answers at this path, with any query')
    .option('--all', 'everything')
    .option('--json', 'print JSON')
    .action(purge);
  cache
    .command('explain')
    .description('show what every tier holds for a path, and why the next GET would hit or miss')
    .argument('<path>', 'path and query of a GET request')
    .option('--url <url>', 'the instance to ask', httpUrl)
    .option('--json', 'print JSON')
    .addHelpText('after', EXPLAIN_MORE)
    .action(explain);
}
