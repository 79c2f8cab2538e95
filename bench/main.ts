import { Command, InvalidArgumentError, Option } from 'commander';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runAgainstBenchmark } from './against/against-benchmark.js';
import { againstReport } from './against/against-report.js';
import { judge } from './hit/goals.js';
import { runHitBenchmark } from './hit/hit-benchmark.js';
import { SUBJECTS, type Subject } from './hit/scenario.js';
import { runOutboundBenchmark } from './outbound/outbound-benchmark.js';
import { outboundReport } from './outbound/outbound-report.js';
import { runJsonBenchmark } from './json/json-benchmark.js';
import { jsonReport } from './json/json-report.js';
import { journalChecks } from './micro/journal-checks.js';
import { sealChecks } from './micro/seal-checks.js';
import { POSTS } from './services/sample-blog.js';
import { runWriteBenchmark } from './write/write-benchmark.js';
import { twoBuildsReport, writeReport } from './write/write-report.js';
import { goalsTable, notes, resultsTable } from './report/table.js';

const print = (text: string): boolean => process.stdout.write(`${text}\n`);

function count(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return Number(text);
}

function subjects(text: string): Subject[] {
  const names: readonly string[] = SUBJECTS;
  const asked = text.split(',');
  if (!asked.every((name) => names.includes(name)))
    throw new InvalidArgumentError(`It must be some of ${SUBJECTS.join(',')}.`);
  return SUBJECTS.filter((subject) => asked.includes(subject));
}

interface HitOptions {
  readonly rounds: number;
  readonly seconds: number;
  readonly only: readonly Subject[];
  readonly json?: string;
}

const report = (progress: string): void => void process.stderr.write(`${progress}\n`);

async function hit({ rounds, seconds, only, json }: HitOptions): Promise<void> {
  const { versions, sizes, series, strays } = await runHitBenchmark({ rounds, seconds, only, report });
  const verdicts = judge(series);
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  print(named.join(' · '));
  print(`${POSTS} posts; a list of 20 has ${sizes.list} bytes, a post ${sizes.post}`);
  print('Server on core 0; wrk -t1 -c50, PostgreSQL and Redis on core 1');
  print(`${rounds} interleaved rounds of ${seconds} s for each; median (least–greatest)`);
  print(`\n${resultsTable(series)}\n\n${notes(series)}\n\n${goalsTable(verdicts)}`);
  for (const stray of strays) print(`✗ ${stray}`);
  if (json !== undefined)
    writeFileSync(json, JSON.stringify({ versions, sizes, series, strays, verdicts }, null, 2));
  if (strays.length > 0 || verdicts.some(({ isMet }) => !isMet)) process.exitCode = 1;
}

async function outbound(): Promise<void> {
  const results = await runOutboundBenchmark(report);
  const { text, isMet } = outboundReport(results);
  const named = Object.entries(results.versions).map(([name, version]) => `${name} ${version}`);
  print(`${named.join(' · ')}\n\n${text}`);
  if (!isMet) process.exitCode = 1;
}

/** @param folder another checkout, which has been built */
const buildIn = (folder: string): string => join(folder, 'dist/main.js');

async function against(
  folder: string,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<void> {
  const results = await runAgainstBenchmark({ other: buildIn(folder), rounds, seconds, report });
  const { text, isMet } = againstReport(results.comparisons);
  const named = Object.entries(results.versions).map(([name, version]) => `${name} ${version}`);
  print(named.join(' · '));
  print('CPU of the server per request; server on core 0; wrk -t1 -c50, PostgreSQL and Redis on core 1');
  print(`${rounds} interleaved rounds of ${seconds} s for each; median (least–greatest)\n\n${text}`);
  if (!isMet) process.exitCode = 1;
}

function json({ rounds }: { readonly rounds: number }): void {
  const { text, isMet } = jsonReport(runJsonBenchmark(rounds));
  print(`Node ${process.versions.node}`);
  print(
    `Reading a body: JSON.parse → ours; ${rounds} interleaved rounds; median (least–greatest)\n\n${text}`,
  );
  if (!isMet) process.exitCode = 1;
}

async function write({
  writes,
  against: folder,
}: {
  readonly writes: number;
  readonly against?: string;
}): Promise<void> {
  if (folder !== undefined) {
    print(`PATCH of a post that three replicas hold in memory; ${writes} writes to each build, by turns\n`);
    print(twoBuildsReport(await runWriteBenchmark(writes, report, { script: buildIn(folder) })));
    return;
  }
  const { text, isMet } = writeReport(await runWriteBenchmark(writes, report));
  print(
    `PATCH of a post that three replicas hold in memory; ${writes} writes each, one after the other\n\n${text}`,
  );
  if (!isMet) process.exitCode = 1;
}

const program = new Command('bench').description('Measures Inkwell beside other servers.');
program
  .command('hit', { isDefault: true })
  .description(
    'What a hit and a miss cost the server in CPU. Exit code 1: a goal was missed, or answers did not come from where they should.',
  )
  .option('--rounds <n>', 'times that every server has its turn', count, 5)
  .option('--seconds <n>', 'length of one turn', count, 4)
  .addOption(
    new Option('--only <subjects>', `some of ${SUBJECTS.join(',')}`)
      .argParser(subjects)
      .default(SUBJECTS, 'all'),
  )
  .option('--json <file>', 'write every sample to a file, too')
  .action(hit);
program
  .command('against')
  .description('What hits and misses cost beside another build. Exit code 1: a hit costs more than it did.')
  .argument('<folder>', 'another checkout, built')
  .option('--rounds <n>', 'times that every server has its turn', count, 11)
  .option('--seconds <n>', 'length of one turn', count, 3)
  .action(against);
program
  .command('outbound')
  .description(
    'What the pool of outgoing connections spares, in connections, time and memory. Exit code 1: a goal was missed.',
  )
  .action(outbound);
program
  .command('write')
  .description('What waiting for the other replicas adds to a write. Exit code 1: a goal was missed.')
  .option('--writes <n>', 'writes to each of the two', count, 1_000)
  .option('--against <folder>', 'compares with another checkout, built, instead')
  .action(write);
program
  .command('json')
  .description(
    'What reading a body of JSON costs beside JSON.parse. Exit code 1: a body costs more than it may.',
  )
  .option('--rounds <n>', 'times that each of the two has its turn', count, 21)
  .action(json);
program
  .command('micro')
  .description(
    'What single steps of a miss cost in CPU: the checks of an answer against the changes of its tags, and of its seal.',
  )
  .action(() => [...journalChecks(), ...sealChecks()].forEach((line) => print(line)));

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
