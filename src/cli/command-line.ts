import { Command, CommanderError } from 'commander';
import { buildInfo } from '../platform/build-info/build-info.js';
import { oneLine } from '../platform/errors/one-line.js';
import { assertNodeIsNewEnough } from '../platform/lifecycle/starting-conditions.js';
import { addCache } from './cache.command.js';
import { addExport } from './export.command.js';
import { addImport } from './import.command.js';
import { addMigrate } from './migrate.command.js';
import { addSeed } from './seed.command.js';
import { addServe } from './serve.command.js';
import { addUser } from './user.command.js';

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 wrong use.

Commands use DATABASE_URL, or else the database of the instance that is running on DATA_DIR. If there is neither, they
start the embedded database while they run. docs/configuration.md lists the environment variables.`;

function program(): Command {
  const inkwell = new Command('inkwell')
    .description('Inkwell: a blog-and-users backend. `inkwell help <command>` explains a command.')
    .version(buildInfo.version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText('after', EXIT_CODES)
    .hook('preAction', assertNodeIsNewEnough)
    // Must come before the commands, which inherit it.
    .exitOverride();
  for (const add of [addServe, addMigrate, addImport, addExport, addSeed, addCache, addUser]) add(inkwell);
  return inkwell;
}

/** @param words the arguments after the program's name @returns the exit code */
export async function runCommandLine(words: readonly string[]): Promise<0 | 1 | 2> {
  try {
    await program().parseAsync(words, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has already printed the error. Its exit code is 0 for --help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    process.stderr.write(`${oneLine(error)}\n`);
    if (process.env['LOG_LEVEL'] === 'debug' && error instanceof Error)
      process.stderr.write(`${error.stack}\n`);
    return 1;
  }
}
