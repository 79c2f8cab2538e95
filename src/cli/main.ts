import 'reflect-metadata';
import { runCommandLine } from './command-line.js';

// The reader of the output may close it early: `inkwell --help | head`.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await runCommandLine(process.argv.slice(2));
