import type { Command } from 'commander';

export function addServe(program: Command): void {
  program
    .command('serve')
    .description('start the server, as `npm start` does')
    .action(async () => {
      // The program of its own: it reads the environment, listens, and leaves on SIGINT or SIGTERM.
      await import('../main.js');
    });
}
