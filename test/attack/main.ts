import { Command } from 'commander';
import { writeFileSync } from 'node:fs';
import { reportOf } from './report.js';
import { allAttacks, runAttacks } from './run-attacks.js';

const print = (text: string): boolean => process.stdout.write(`${text}\n`);

async function attack({ only, json }: { readonly only?: string; readonly json?: string }): Promise<void> {
  const all = await allAttacks();
  const names = only?.split(',');
  const unknown = names?.filter((name) => all.every((attack) => attack.name !== name)) ?? [];
  if (unknown.length > 0) throw new Error(`There is no attack called ${unknown.join(', ')}`);
  const attacks = all.filter(({ name }) => names?.includes(name) ?? true);
  const results = await runAttacks(attacks, (result) => print(reportOf(result)));
  if (json !== undefined) writeFileSync(json, JSON.stringify(results, null, 2));
  const failed = results.filter(({ isHeld }) => !isHeld);
  print(
    failed.length === 0 ? 'All attacks were held.' : `Not held: ${failed.map(({ name }) => name).join(', ')}`,
  );
  if (failed.length > 0) process.exitCode = 1;
}

const names = (await allAttacks()).map(({ name }) => name).join(', ');
const program = new Command('test:attack')
  .description(
    'Attacks a server of 512 MiB on this machine while readers read. Exit code 1: it was killed, ended, or made readers wait.',
  )
  .option('--only <names>', `some of ${names}`)
  .option('--json <file>', 'write what was found to a file, too')
  .action(attack);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}
