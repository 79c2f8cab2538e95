import type { Command } from 'commander';
import { withDatabaseUrl } from './with-app.js';

export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description('bring the database schema up to date; the server also does this when it starts')
    .action(async () => {
      const { migrate } = await import('../platform/database/migrate.js');
      const names = await withDatabaseUrl(migrate);
      const text =
        names.length === 0 ? 'The schema is up to date.' : names.map((name) => `Ran ${name}.`).join('\n');
      process.stdout.write(`${text}\n`);
    });
}
