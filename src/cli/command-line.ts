import { Command, CommanderError } from 'commander';
import { oneLine } from '../platform/errors/one-line.js';
import { addCache } from './cache.command.js';
import { addExport } from './export.command.js';
import { addImport } from './import.command.js';
import { addMigrate } from './migrate.command.js';
import { addSeed } from './seed.command.js';
import { addServe } from './serve.command.js';
import { addUser } from './user.command.js';

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 wrong use.

Commands use DATABASE_URL, else the database of the instance that is running on DATA_DIR, else they start the embedded
one for the time. docs/configuration.md lists the environment.`;

function program(): Command {
  const inkwell = new Command('inkwell')
    .description('Inkwell: a blog-and-users backend. Run `inkwell help <command>` for one command.')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText('after', EXIT_CODES)
    // Before the commands: they inherit it.
    .exitOverride();
  for (const add of [addServe, addMigrate, addImport, addExport, addSeed, addCache, addUser]) add(inkwell);
  return inkwell;
}

/** @param words what stands behind the name of the program @returns the exit code */
export async function runCommandLine(words: readonly string[]): Promise<0 | 1 | 2> {
  try {
    await program().parseAsync(words, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has said what is wrong; its code is 0 for --help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    process.stderr.write(`${oneLine(error)}\n`);
    if (process.env['LOG_LEVEL'] === 'debug' && error instanceof Error)
      process.stderr.write(`${error.stack}\n`);
    return 1;
  }
}
