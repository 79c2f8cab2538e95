import type { Command } from 'commander';

export function addServe(program: Command): void {
  program
    .command('serve')
    .description('start the server, as `npm start` does')
    .action(async () => {
      // The same program as `npm start`: it reads the environment, listens, and stops on SIGINT or SIGTERM.
      await import('../main.js');
    });
}
