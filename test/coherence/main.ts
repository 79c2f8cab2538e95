import { Command, InvalidArgumentError } from 'commander';
import { writeFileSync } from 'node:fs';
import { DatabaseClock } from './cluster/database-clock.js';
import { debianInstallation } from './cluster/installation.js';
import { FAULT_NAMES } from './faults/fault-schedule.js';
import { reportText } from './report.js';
import { isGood, runCheck } from './run-check.js';

function count(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return Number(text);
}

function faultNames(text: string): readonly string[] {
  if (text === 'all') return FAULT_NAMES;
  if (text === 'none') return [];
  const names = text.split(',');
  if (!names.every((name) => FAULT_NAMES.includes(name)))
    throw new InvalidArgumentError(`It must be all, none, or some of ${FAULT_NAMES.join(',')}.`);
  return names;
}

interface Options {
  readonly seconds: number;
  readonly faults: readonly string[];
  readonly seed: number;
  readonly replicas: number;
  readonly reads: number;
  readonly writes: number;
  readonly redis: boolean;
  readonly script: string;
  readonly logs?: string;
  readonly json?: string;
}

const print = (text: string): boolean => process.stdout.write(`${text}\n`);

async function check(options: Options): Promise<void> {
  const clock = options.faults.includes('database-clock-step') ? new DatabaseClock() : undefined;
  const result = await runCheck({
    ...options,
    clock,
    ...(clock === undefined ? {} : { postgresEnvironment: clock.environment }),
    // The scenarios need pg_dump and psql of the server's version.
    ...(options.faults.includes('dump-restore') ? { installation: debianInstallation() } : {}),
    hasRedis: options.redis,
    readsPerSecond: options.reads,
    writesPerSecond: options.writes,
    report: (progress) => void process.stderr.write(`${progress}\n`),
  });
  clock?.remove();
  print(reportText(result));
  if (options.json !== undefined) {
    const { errors, faults, violationCounts, ...rest } = result;
    const plain = {
      ...rest,
      errors: Object.fromEntries(errors),
      faults: Object.fromEntries(faults),
      violationCounts: Object.fromEntries(violationCounts),
    };
    writeFileSync(options.json, JSON.stringify(plain, null, 2));
  }
  if (!isGood(result)) process.exitCode = 1;
}

const program = new Command('test:coherence')
  .description(
    'Reads and writes on several replicas while things go wrong. Exit code 1: an answer from before an acknowledged write, an error, or a lost write.',
  )
  .option('--seconds <n>', 'how long', count, 60)
  .option('--faults <names>', `all, none, or some of ${FAULT_NAMES.join(',')}`, faultNames, FAULT_NAMES)
  .option('--seed <n>', 'decides what happens in which order', count, Date.now() % 1_000_000)
  .option('--replicas <n>', 'processes of Inkwell', count, 3)
  .option('--reads <n>', 'reads that arrive a second', count, 4_400)
  .option('--writes <n>', 'writes that arrive a second', count, 60)
  .option('--no-redis', 'without the shared tier')
  .option('--script <file>', 'what each replica runs', 'dist/main.js')
  .option('--logs <folder>', 'keep there what each replica prints')
  .option('--json <file>', 'write what was found to a file, too')
  .action(check);

// Exit handlers end the servers that this process started.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  // Stops the readers and writers that are still running.
  process.exit(1);
}
