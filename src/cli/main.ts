import 'reflect-metadata';
import { runCommandLine } from './command-line.js';

// Who reads the output may have had enough of it: `inkwell --help | head`.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await runCommandLine(process.argv.slice(2));
